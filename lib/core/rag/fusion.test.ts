import fc from "fast-check";
import { describe, expect, it } from "vitest";
import { fuse } from "./fusion.ts";

describe("fuse", () => {
  it("is the mean of both legs' standard scores, from the worst candidate to the best", () => {
    // words: mean 4, deviation with ten usual ones 2.412 → 2.488, -.829, -1.659; meaning: mean .3, deviation .124 → 1.608, -1.608, 0
    const scores = fuse(
      [
        { lexical: 10, cosine: 0.5 },
        { lexical: 2, cosine: 0.1 },
        { lexical: 0, cosine: 0.3 },
      ],
      0.5,
    );
    const [first, last, middle] = [2.048, -1.219, -0.829];
    expect(scores[0]).toBe(1);
    expect(scores[1]).toBe(0);
    expect(scores[2]).toBeCloseTo((middle - last) / (first - last), 2);
  });
  it("follows the leg in which something stands out", () => {
    const crowd = Array.from({ length: 20 }, (_, at) => ({ lexical: 1, cosine: 0.4 + at / 1000 }));
    const named = { lexical: 12, cosine: 0.4 };
    const scores = fuse([...crowd, named], 0.5);
    expect(Math.max(...scores)).toBe(scores.at(-1));
  });
  it("makes little of a small difference among few candidates", () => {
    const scores = fuse(
      [
        { lexical: 3, cosine: 0.5 },
        { lexical: 0, cosine: 0.52 },
      ],
      0.5,
    );
    expect(scores).toEqual([1, 0]);
  });
  it("goes by words alone without any cosine", () => {
    expect(
      fuse(
        [
          { lexical: 4, cosine: null },
          { lexical: 1, cosine: null },
        ],
        0.5,
      ),
    ).toEqual([1, 0.25]);
    expect(fuse([{ lexical: 0, cosine: null }], 0.5)).toEqual([0]);
  });
  it("takes a chunk without a vector as far as the farthest", () => {
    const [, , third] = fuse(
      [
        { lexical: 1, cosine: 0.4 },
        { lexical: 1, cosine: 0.2 },
        { lexical: 1, cosine: null },
      ],
      0.5,
    );
    expect(third).toBe(0);
  });
  it("stays between 0 and 1 for any scores, and has nothing to say about nothing", () => {
    const anyScore = fc.record({
      lexical: fc.double({ min: 0, max: 1e6, noNaN: true }),
      cosine: fc.option(fc.double({ min: -1, max: 1, noNaN: true })),
    });
    fc.assert(
      fc.property(
        fc.array(anyScore),
        fc.double({ min: 0, max: 1, noNaN: true }),
        (scores, share) => {
          for (const score of fuse(scores, share)) {
            expect(score).toBeGreaterThanOrEqual(0);
            expect(score).toBeLessThanOrEqual(1);
          }
        },
      ),
    );
    expect(fuse([], 0.5)).toEqual([]);
    expect(fuse([{ lexical: 0, cosine: -1 }], 0.5)).toEqual([1]);
  });
});
