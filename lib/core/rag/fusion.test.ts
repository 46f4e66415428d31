import fc from "fast-check";
import { describe, expect, it } from "vitest";
import { fuse } from "./fusion.ts";

describe("fuse", () => {
  it("weighs words with a fifth and meaning with four fifths", () => {
    const [first, second] = fuse([
      { lexical: 10, cosine: 0.5 },
      { lexical: 5, cosine: 0.2 },
    ]);
    expect(first).toBeCloseTo(1);
    expect(second).toBeCloseTo(0.2 * 0.5 + 0.8 * (1.2 / 1.5));
  });
  it("goes by words alone without any cosine", () => {
    expect(
      fuse([
        { lexical: 4, cosine: null },
        { lexical: 1, cosine: null },
      ]),
    ).toEqual([1, 0.25]);
    expect(fuse([{ lexical: 0, cosine: null }])).toEqual([0]);
  });
  it("counts a chunk without a vector by its words", () => {
    const [, second] = fuse([
      { lexical: 1, cosine: 0.4 },
      { lexical: 2, cosine: null },
    ]);
    expect(second).toBeCloseTo(0.2);
  });
  it("stays between 0 and 1 for any scores, and has nothing to say about nothing", () => {
    const anyScore = fc.record({
      lexical: fc.double({ min: 0, max: 1e6, noNaN: true }),
      cosine: fc.option(fc.double({ min: -1, max: 1, noNaN: true })),
    });
    fc.assert(
      fc.property(fc.array(anyScore), (scores) => {
        for (const score of fuse(scores)) {
          expect(score).toBeGreaterThanOrEqual(0);
          expect(score).toBeLessThanOrEqual(1 + 1e-9);
        }
      }),
    );
    expect(fuse([])).toEqual([]);
    expect(fuse([{ lexical: 0, cosine: -1 }])).toEqual([0]);
  });
});
