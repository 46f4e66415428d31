import { describe, expect, it } from "vitest";
import { collectFigures } from "./collected-figures.ts";

describe("collected figures", () => {
  it("have bounds around them, of balanced accuracy too", () => {
    const figures = collectFigures();
    figures.addShare("share", [true, true, true, false]);
    figures.addAccuracy("accuracy", [
      ...Array.from({ length: 60 }, (_, at) => ({ truth: true, said: at % 10 !== 0 })),
      ...Array.from({ length: 20 }, (_, at) => ({ truth: false, said: at % 2 === 0 })),
    ]);
    expect(figures.metrics).toMatchObject({ share: 0.75 });
    expect(figures.metrics["accuracy"]).toBeCloseTo(0.7);
    const [low = 1, high = 0] = figures.bounds["accuracy"] ?? [];
    expect(low).toBeGreaterThan(0.5);
    expect(low).toBeLessThan(0.7);
    expect(high).toBeGreaterThan(0.7);
    expect(high).toBeLessThan(0.9);
  });

  it("have a mean of balanced accuracies in which a set counts the same whatever its size", () => {
    const figures = collectFigures();
    const right = { truth: true, said: true };
    const refused = { truth: false, said: false };
    figures.addMeanAccuracy("mean", [
      [...Array.from({ length: 90 }, () => right), refused],
      [{ truth: true, said: false }, ...Array.from({ length: 9 }, () => refused)],
    ]);
    expect(figures.metrics).toEqual({ mean: 0.75 });
    // Nothing differs within what is resampled: the right and the wrong of one truth in one set.
    expect(figures.bounds).toEqual({ mean: [0.75, 0.75] });
  });

  it("are no numbers out of nothing", () => {
    const figures = collectFigures();
    figures.addAccuracy("accuracy", []);
    expect(figures.metrics).toEqual({ accuracy: 0 });
    expect(figures.bounds).toEqual({ accuracy: [0, 0] });
  });
});
