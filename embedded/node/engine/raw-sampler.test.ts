import { describe, expect, it } from "vitest";
import { createRawSampler } from "./raw-sampler.ts";
import { readRunOptions } from "./run-options.ts";

const likeliest = [
  ["a", 0.5],
  ["b", 0.3],
  ["c", 0.15],
  ["d", 0.05],
] as const;

const countsOf = (
  options: Readonly<Record<string, unknown>>,
  rounds = 4000,
): Readonly<Record<string, number>> => {
  const sample = createRawSampler(
    readRunOptions({ seed: 1, top_p: 1, temperature: 1, ...options }).sampling,
  );
  const counts: Record<string, number> = {};
  for (let round = 0; round < rounds; round++) {
    const token = sample(likeliest) ?? "none";
    counts[token] = (counts[token] ?? 0) + 1;
  }
  return counts;
};

describe("createRawSampler", () => {
  it("takes the likeliest at temperature 0", () => {
    expect(countsOf({ temperature: 0 }, 10)).toEqual({ a: 10 });
  });

  it("follows the probabilities at temperature 1", () => {
    const counts = countsOf({});
    expect(counts["a"]! / 4000).toBeCloseTo(0.5, 1);
    expect(counts["d"]! / 4000).toBeCloseTo(0.05, 1);
  });

  it("keeps to top_k, top_p and min_p", () => {
    expect(Object.keys(countsOf({ top_k: 2 })).toSorted()).toEqual(["a", "b"]);
    expect(Object.keys(countsOf({ top_p: 0.6 })).toSorted()).toEqual(["a", "b"]);
    expect(Object.keys(countsOf({ min_p: 0.25 })).toSorted()).toEqual(["a", "b", "c"]);
  });

  it("repeats itself with the same seed", () => {
    expect(countsOf({ seed: 5 }, 50)).toEqual(countsOf({ seed: 5 }, 50));
    expect(countsOf({ seed: 5 }, 50)).not.toEqual(countsOf({ seed: 6 }, 50));
  });
});
