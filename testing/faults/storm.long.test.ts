import { expect, it } from "vitest";
import { runStorm } from "./storm.ts";

const seed = Number(process.env["FAULT_SEED"] ?? Date.now() % 1_000_000);

it(`1,000 deaths and 100 freezes under load (FAULT_SEED=${String(seed)}): nothing lost, doubled or mixed`, async () => {
  const { answers, faults } = await runStorm({ seed, deaths: 1000, freezes: 100, askers: 12 });
  console.log(`seed ${String(seed)}: ${String(answers.length)} answers`);
  expect(faults).toEqual([]);
}, 3_000_000);
