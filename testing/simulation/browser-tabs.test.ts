import { describe, expect, it } from "vitest";
import { simulateTabs } from "./browser-tabs.ts";

const seeds = Array.from({ length: 200 }, (_, index) => index + 1);

describe("the event connection that tabs share", () => {
  it("brings every event to every tab once over one connection, whichever tab dies or falls asleep for good", () => {
    let opened = 0;
    for (const seed of seeds) {
      const { faults, doubled, mostOpen, tabs } = simulateTabs(seed, [5, 2, 2, 2]);
      expect({ seed, faults, doubled }).toEqual({ seed, faults: [], doubled: 0 });
      expect(mostOpen).toBeLessThanOrEqual(1);
      opened += tabs;
    }
    expect(opened).toBeGreaterThan(700);
  });

  it("hands over at once when the tab that leads dies, and soon when the network breaks", () => {
    for (const seed of seeds) {
      const { faults, worstLagMs } = simulateTabs(seed, [5, 3, 0, 0]);
      expect({ seed, faults, isLate: worstLagMs > 300 }).toEqual({
        seed,
        faults: [],
        isLate: false,
      });
      const broken = simulateTabs(seed, [5, 2, 0, 3]);
      expect({ seed, faults, isLate: broken.worstLagMs > 7_000 }).toEqual({
        ...{ seed, faults: [], isLate: false },
      });
    }
  });
});
