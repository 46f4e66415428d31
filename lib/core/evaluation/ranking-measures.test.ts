import { describe, expect, it } from "vitest";
import {
  bootstrapBounds,
  bootstrapBoundsOfGroups,
  coverage,
  mean,
  ndcg,
  recall,
  reciprocalRank,
  seededRandom,
} from "./ranking-measures.ts";

const judged = new Map([
  ["a", 3],
  ["b", 1],
  ["x", 0],
]);

describe("ndcg", () => {
  it("equals the formula by hand", () => {
    // gains 0, 3: 3 / log2(3) against 3 + 1 / log2(3)
    expect(ndcg(["x", "a"], judged, 10)).toBeCloseTo(1.8928 / 3.6309, 3);
    expect(ndcg(["a", "b"], judged, 10)).toBe(1);
  });
  it("looks at the first k only, and is 0 where nothing is relevant", () => {
    expect(ndcg(["x", "a"], judged, 1)).toBe(0);
    expect(ndcg(["x"], new Map([["x", 0]]), 10)).toBe(0);
  });
});

describe("recall and reciprocalRank", () => {
  it("count what is graded above 0", () => {
    expect(recall(["x", "b"], judged, 5)).toBe(0.5);
    expect(recall(["x", "b"], judged, 1)).toBe(0);
    expect(recall([], new Map(), 5)).toBe(0);
    expect(reciprocalRank(["x", "b"], judged, 10)).toBe(0.5);
    expect(reciprocalRank(["x"], judged, 10)).toBe(0);
  });
});

describe("coverage", () => {
  it("counts each wanted character once, however many ranges hold it", () => {
    expect(
      coverage(
        [
          [0, 10],
          [5, 15],
          [0, 3],
        ],
        [[8, 18]],
      ),
    ).toBeCloseTo(0.7);
    expect(coverage([[20, 30]], [[0, 10]])).toBe(0);
    expect(
      coverage(
        [[0, 30]],
        [
          [0, 10],
          [20, 25],
        ],
      ),
    ).toBe(1);
    expect(coverage([[0, 1]], [])).toBe(0);
  });
});

describe("bootstrapBounds", () => {
  it("encloses the mean, closer the more values there are, and repeats itself", () => {
    const random = seededRandom(7);
    const values = Array.from({ length: 400 }, () => random());
    const many = bootstrapBounds(values);
    const few = bootstrapBounds(values.slice(0, 20));
    expect(many.low).toBeLessThan(mean(values));
    expect(many.high).toBeGreaterThan(mean(values));
    expect(few.high - few.low).toBeGreaterThan(many.high - many.low);
    expect(bootstrapBounds(values)).toEqual(many);
    expect(bootstrapBounds([])).toEqual({ low: 0, high: 0 });
  });
});

describe("bootstrapBoundsOfGroups", () => {
  it("resamples each group by itself, so that a difference between groups widens nothing", () => {
    const apart = [Array.from({ length: 300 }, () => 0), Array.from({ length: 10 }, () => 1)];
    expect(bootstrapBoundsOfGroups(apart)).toEqual({ low: 0.5, high: 0.5 });
    const { low, high } = bootstrapBoundsOfGroups([
      [0, 1, 0, 1],
      Array.from({ length: 90 }, () => 1),
    ]);
    expect(low).toBe(0.5);
    expect(high).toBe(1);
  });
});
