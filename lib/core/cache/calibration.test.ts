import { describe, expect, it } from "vitest";
import { calibrate, semanticState, upperBound } from "./calibration.ts";

describe("upperBound", () => {
  it.each([
    [{ served: 299, wrong: 0 }, 0.00997],
    [{ served: 598, wrong: 0 }, 0.005],
    [{ served: 100, wrong: 0 }, 0.02951],
    [{ served: 100, wrong: 2 }, 0.06162],
    [{ served: 10_000, wrong: 30 }, 0.00407],
  ])("of %o is %d as the tables have it", (tally, bound) => {
    expect(upperBound(tally)).toBeCloseTo(bound, 4);
  });

  it("bounds nothing without a sample, and falls with every right one", () => {
    expect(upperBound({ served: 0, wrong: 0 })).toBe(1);
    expect(upperBound({ served: 5, wrong: 5 })).toBe(1);
    expect(upperBound({ served: 51, wrong: 1 })).toBeLessThan(upperBound({ served: 50, wrong: 1 }));
  });
});

describe("calibrate", () => {
  const pairs = (count: number, similarity: number, same: boolean) =>
    Array.from({ length: count }, () => ({ similarity, same }));

  it("takes the lowest limit whose bound keeps the budget", () => {
    const found = calibrate(
      [...pairs(300, 0.98, true), ...pairs(200, 0.95, true), ...pairs(20, 0.9, false)],
      0.01,
    );
    expect(found).toMatchObject({ limit: 0.95, tally: { served: 500, wrong: 0 } });
  });

  it("counts every pair from the limit on, whatever order they come in, and how many of them were wrong", () => {
    const found = calibrate(
      [...pairs(1, 0.9, false), ...pairs(700, 0.98, true), ...pairs(1, 0.97, false)],
      0.01,
    );
    expect(found).toMatchObject({ limit: 0.9, tally: { served: 702, wrong: 2 } });
    expect(found.bound).toBeCloseTo(upperBound({ served: 702, wrong: 2 }), 12);
    expect(calibrate([], 0.01)).toEqual({ limit: null, tally: { served: 0, wrong: 0 }, bound: 1 });
  });

  it("keeps a bound that is the budget itself", () => {
    const budget = upperBound({ served: 300, wrong: 0 });
    expect(calibrate(pairs(300, 0.9, true), budget).limit).toBe(0.9);
  });

  it("serves nothing when there are too few pairs, or a wrong one among the most similar", () => {
    expect(calibrate(pairs(298, 0.99, true), 0.01).limit).toBeNull();
    expect(calibrate([...pairs(299, 0.99, true), ...pairs(1, 0.99, false)], 0.01).limit).toBeNull();
  });
});

describe("semanticState", () => {
  const nothing = { served: 0, wrong: 0 };

  it("measures first, serves when shown to be good and stops by itself", () => {
    expect(semanticState(nothing, nothing)).toBe("measuring");
    expect(semanticState({ served: 600, wrong: 0 }, nothing)).toBe("serving");
    expect(semanticState({ served: 601, wrong: 1 }, nothing)).toBe("measuring");
    expect(semanticState({ served: 300, wrong: 2 }, nothing)).toBe("off");
    expect(semanticState({ served: 2000, wrong: 3 }, nothing)).toBe("serving");
  });

  it("serves from the start by what labelled pairs have shown, and that outweighs no errors of its own", () => {
    const calibrated = { served: 1136, wrong: 0 };
    expect(semanticState(nothing, calibrated)).toBe("serving");
    expect(semanticState({ served: 20, wrong: 1 }, calibrated)).toBe("serving");
    expect(semanticState({ served: 20, wrong: 2 }, calibrated)).toBe("off");
  });
});
