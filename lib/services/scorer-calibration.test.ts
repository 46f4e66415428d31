import { beforeEach, describe, expect, it } from "vitest";
import { createFakeClock } from "#testing/fakes/fake-clock.ts";
import { createScriptedScorer, type ScriptedScorer } from "#testing/fakes/scripted-scorer.ts";
import { startTieredCache } from "#testing/services/memory-cache.ts";
import { createScorerCalibrations, type LabelledTexts } from "./scorer-calibration.ts";

const never = new AbortController().signal;
/** 900 wordings of the same, 300 near misses. */
const pairs: readonly LabelledTexts[] = Array.from({ length: 1200 }, (_, place) => ({
  a: `${String(place)} one`,
  b: `${String(place)} other`,
  same: place % 4 !== 0,
}));
const isSame = (text: string): boolean => Number(text.split(" ")[0]) % 4 !== 0;

describe("the calibration of a cross-encoder", () => {
  const clock = createFakeClock();
  let scorer: ScriptedScorer;
  let tiers: ReturnType<typeof startTieredCache>;
  const calibrationsOver = () =>
    createScorerCalibrations({
      ...{ scorer, tiers, clock },
      pairs: () => Promise.resolve(pairs),
      quiet: { run: (work, signal) => work(signal) },
    });

  beforeEach(() => {
    scorer = createScriptedScorer(([one]) => (isSame(one) ? 0.9 : 0.4));
    tiers = startTieredCache(clock);
  });

  it("is there once every pair was scored both ways round, and not before", async () => {
    const calibrations = calibrationsOver();
    await calibrations.work(1000, never);
    expect(calibrations.current()).toBeNull();
    expect(await calibrations.readout()).toMatchObject({ scored: 1000, pairs: 1200 });
    await calibrations.work(1000, never);
    expect(calibrations.current()).toMatchObject({ limit: 0.9, tally: { served: 900, wrong: 0 } });
    expect(calibrations.current()?.bound).toBeLessThan(0.005);
    expect(scorer.asked).toHaveLength(2400);
  });

  it("finds no limit when near misses score as high as wordings of the same", async () => {
    scorer.become(() => 0.9);
    const calibrations = calibrationsOver();
    await calibrations.work(2000, never);
    expect(calibrations.current()).toMatchObject({ limit: null });
  });

  it("counts the lower of the two directions", async () => {
    scorer.become(([one]) => (one.endsWith("one") ? 0.9 : isSame(one) ? 0.7 : 0.1));
    const calibrations = calibrationsOver();
    await calibrations.work(2000, never);
    expect(calibrations.current()?.limit).toBe(0.7);
  });

  it("belongs to the weights: others are measured anew, and nobody else measures the same again", async () => {
    const calibrations = calibrationsOver();
    await calibrations.work(2000, never);
    await tiers.settled();
    const another = calibrationsOver();
    await another.refresh();
    expect(another.current()).toEqual(calibrations.current());
    scorer.install("cross-encoder:latest d2");
    expect(calibrations.current()).toBeNull();
    expect(await another.readout()).toMatchObject({ scored: 0, calibration: null });
    scorer.install(null);
    expect(await another.readout()).toBeNull();
  });

  it("goes on later where the scorer said nothing, and is no calibration when its kept form is broken", async () => {
    const calibrations = calibrationsOver();
    scorer.become(null);
    await calibrations.work(2000, never);
    expect(await calibrations.readout()).toMatchObject({ scored: 0 });
    scorer.become(() => 0.9);
    await calibrations.work(100, never);
    expect(await calibrations.readout()).toMatchObject({ scored: 100 });
    const broken = startTieredCache(clock);
    tiers = {
      ...broken,
      read: (_kind, abouts) =>
        Promise.resolve(abouts.map(() => new TextEncoder().encode('{"limit":0.1}'))),
    };
    const misled = calibrationsOver();
    await misled.refresh();
    expect(misled.current()).toBeNull();
  });
});
