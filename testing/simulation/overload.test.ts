import { describe, expect, it } from "vitest";
import { runRush, type Rush } from "./overload.ts";

const rush = { seed: 1, factor: 10, seconds: 40, longestWaitS: 12, clients: 100 };
const sizes: Readonly<Record<string, Pick<Rush, "spread" | "noise">>> = {
  "all alike": { spread: 0, noise: 0 },
  "unknown and spread": { spread: 0.5, noise: null },
};

describe("ten times more requests than the nodes can serve", () => {
  it.each(Object.entries(sizes))(
    "nine out of ten and more wait no longer than 1.25 × what they were told: sizes %s",
    (_name, size) => {
      const { waits, served, refused } = runRush({ ...rush, ...size });
      expect(refused).toBeGreaterThan(5 * served);
      expect(waits.length).toBeGreaterThan(150);
      // Told in whole seconds, rounded up.
      const late = waits.filter(({ toldS, waitedS }) => waitedS > 1.25 * Math.ceil(toldS));
      expect(late.length).toBeLessThanOrEqual(0.05 * waits.length);
    },
  );
});
