import { describe, expect, it } from "vitest";
import { published } from "./published.ts";
import { reproduction } from "./reproduce.ts";

const size = { seeds: [1, 2, 3], count: 100_000 };
const quick = published.filter(
  ({ experiment, load }) =>
    load === 0.7 && (experiment === "one model" || experiment === "one slot"),
);

describe("reference schedulers of the simulation", () => {
  it.each(quick)(
    "reproduce the published $figure of $reference, $experiment at load $load",
    (one) => {
      const ratio = reproduction(one, size);
      expect(ratio).toBeGreaterThan(0.95);
      expect(ratio).toBeLessThan(1.05);
    },
  );
});
