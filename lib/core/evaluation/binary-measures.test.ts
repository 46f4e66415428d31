import { describe, expect, it } from "vitest";
import { balancedAccuracy, bestThreshold } from "./binary-measures.ts";

describe("balancedAccuracy", () => {
  it("weighs both kinds alike, however many there are of each", () => {
    const mostly = Array.from({ length: 9 }, () => ({ truth: true, said: true }));
    expect(balancedAccuracy([...mostly, { truth: false, said: true }])).toBe(0.5);
    expect(balancedAccuracy([...mostly, { truth: false, said: false }])).toBe(1);
  });
});

describe("bestThreshold", () => {
  it("is the score from which on a yes divides best", () => {
    const scored = [
      { truth: false, score: 0.1 },
      { truth: false, score: 0.4 },
      { truth: true, score: 0.5 },
      { truth: true, score: 0.9 },
    ];
    expect(bestThreshold(scored)).toBe(0.5);
  });
});
