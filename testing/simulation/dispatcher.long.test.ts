import { describe, expect, it } from "vitest";
import { realTrace } from "./azure-trace.ts";
import {
  bestReference,
  blindReferences,
  conversations,
  hintedWaits,
  modelMix,
  oneModel,
  withDrover,
  withReference,
} from "./experiments.ts";

const size = { seeds: [1, 2, 3, 4, 5], count: 20_000 };
const loads = [0.5, 0.6, 0.7, 0.8, 0.85, 0.9, 0.95];

describe("the dispatcher on a virtual clock, long traces", { timeout: 600_000 }, () => {
  it.each(loads)(
    "waits no longer than one central queue when sizes are unknown, load %d",
    (load) => {
      const run = oneModel(size, load);
      const drover = withDrover(run, { hints: false }).meanWaitS;
      expect(drover).toBeLessThanOrEqual(1.05 * withReference("central FIFO", run).meanWaitS);
    },
  );

  it.each(loads.filter((load) => load <= 0.9))(
    "comes near the exact shortest-first with noisy hints, load %d",
    (load) => {
      const run = oneModel(size, load);
      const drover = withDrover(run, { hints: true }).meanWaitS;
      expect(drover).toBeLessThanOrEqual(1.3 * withReference("SJF exact", run).meanWaitS);
    },
  );

  // With the hints of the published figures shortest-first by hint, without any bound on the longest wait, is the best that can be had, and
  // stands at 1.30 × the exact one (docs/decisions/2026-11-26-how-slots-pull.md). Twelve traces: three are off by a tenth there.
  const limit = { seeds: Array.from({ length: 12 }, (_, index) => index + 1), count: 20_000 };
  it("waits as briefly at load 0.95 as any scheduler can with the same hints, but for its bound on the longest wait", () => {
    const run = oneModel(limit, 0.95);
    expect(hintedWaits(run, "SJF noisy").value).toBeLessThanOrEqual(1.03);
  });
  it("comes near the exact shortest-first at load 0.95 where hints err by half", () => {
    const run = oneModel(limit, 0.95, {}, 0.5);
    expect(hintedWaits(run, "SJF exact").value).toBeLessThanOrEqual(1.3);
  });

  it.each([0.5, 0.7])("keeps models where they are wanted, load %d", (load) => {
    const run = modelMix(size, load);
    const drover = withDrover(run, { hints: true });
    const best = bestReference(run, "meanFirstTokenS", blindReferences);
    expect(drover.meanFirstTokenS).toBeLessThanOrEqual(0.85 * best.value);
    expect(drover.swapsPerRequest).toBeLessThanOrEqual(0.02);
  });

  it.each([0.7, 0.85])("brings conversations back to their prefix, load %d", (load) => {
    const run = conversations(size, load);
    const drover = withDrover(run, { hints: false });
    const best = bestReference(run, "meanFirstTokenS", blindReferences);
    expect(drover.meanFirstTokenS).toBeLessThanOrEqual(0.85 * best.value);
    expect(drover.prefixHits).toBeGreaterThanOrEqual(0.8 * withReference("sticky", run).prefixHits);
  });

  it.each([0.5, 0.7, 0.85])(
    "uses nodes of 4 : 2 : 1 : 1 speed as well as the best, load %d",
    (load) => {
      const run = oneModel(size, load, { speeds: [4, 2, 1, 1] });
      const best = bestReference(run, "meanResponseS");
      expect(withDrover(run, { hints: true }).meanResponseS).toBeLessThanOrEqual(1.1 * best.value);
    },
  );

  it.each([0.5, 0.7, 0.85, 0.95])(
    "holds on the arrivals of a real chat service, load %d",
    (load) => {
      const run = realTrace(load);
      const fifo = withReference("central FIFO", run).meanWaitS;
      expect(withDrover(run, { hints: false }).meanWaitS).toBeLessThanOrEqual(1.05 * fifo);
    },
  );
});
