import { describe, expect, it } from "vitest";
import { published } from "./published.ts";
import { reproduction } from "./reproduce.ts";

const size = { seeds: [1, 2, 3], count: 300_000 };

describe("reference schedulers of the simulation, long traces", { timeout: 300_000 }, () => {
  it.each(published)(
    "reproduce the published $figure of $reference, $experiment at load $load",
    (one) => {
      const ratio = reproduction(one, size);
      expect(ratio).toBeGreaterThan(0.95);
      expect(ratio).toBeLessThan(1.05);
    },
  );
});
