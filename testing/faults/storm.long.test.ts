import { expect, it } from "vitest";
import { runStorm } from "./storm.ts";

const seed = Number(process.env["FAULT_SEED"] ?? Date.now() % 1_000_000);

// 1,000 deaths and 100 freezes in four parts, each with a seed of its own and short enough to be run alone.
it.each([0, 1, 2, 3])(
  `250 deaths and 25 freezes under load, part %i (FAULT_SEED=${String(seed)}): nothing lost, doubled or mixed`,
  async (part) => {
    const storm = { seed: seed + part, deaths: 250, freezes: 25, askers: 12 };
    const { answers, faults, failovers } = await runStorm(storm);
    console.log(
      `part ${String(part)}, seed ${String(storm.seed)}: ${String(answers.length)} answers, ${String(failovers.length)} moved`,
    );
    expect(faults).toEqual([]);
  },
  1_200_000,
);
