import { describe, expect, it } from "vitest";
import { published } from "./published.ts";
import { reproduction, seedsFor } from "./reproduce.ts";

describe("reference schedulers of the simulation, long traces", { timeout: 300_000 }, () => {
  it.each(published)(
    "reproduce the published $figure of $reference, $experiment at load $load",
    (one) => {
      const { tolerance = 0.05 } = one;
      const ratio = reproduction(one, { seeds: seedsFor(one), count: 300_000 });
      expect(Math.abs(ratio - 1)).toBeLessThan(tolerance);
    },
  );
});
