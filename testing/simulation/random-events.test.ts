import { describe, expect, it } from "vitest";
import { runRandomEvents } from "./random-events.ts";

const seeds = Array.from({ length: 1000 }, (_, index) => index + 1);

describe("the dispatcher under random events, 1,000 seeds", () => {
  it("never exceeds slots, ends every accepted request once, starves no class, leaves no lease", () => {
    const faults = seeds.flatMap((seed) =>
      runRandomEvents(seed).faults.map((fault) => `seed ${seed}: ${fault}`),
    );
    expect(faults).toEqual([]);
  });

  it("does the same for the same seed, and something else for another", () => {
    for (const seed of [1, 77, 500]) {
      const { log } = runRandomEvents(seed);
      expect(runRandomEvents(seed).log).toEqual(log);
      expect(runRandomEvents(seed + 1).log).not.toEqual(log);
    }
  });
});
