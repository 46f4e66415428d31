import { describe, expect, it } from "vitest";
import { realTrace } from "./azure-trace.ts";
import {
  bestReference,
  blindReferences,
  conversations,
  modelMix,
  oneModel,
  withDrover,
  withReference,
} from "./experiments.ts";
import { runDrover } from "./run-drover.ts";

const size = { seeds: [1, 2], count: 6000 };

describe("the dispatcher on a virtual clock", () => {
  it.each([0.5, 0.7, 0.85, 0.95])(
    "waits no longer than one central queue when sizes are unknown, load %d",
    (load) => {
      const run = oneModel(size, load);
      const drover = withDrover(run, { hints: false }).meanWaitS;
      expect(drover).toBeLessThanOrEqual(1.05 * withReference("central FIFO", run).meanWaitS);
    },
  );

  it.each([0.5, 0.7, 0.85])(
    "comes near the exact shortest-first with noisy hints, load %d",
    (load) => {
      const run = oneModel(size, load);
      const drover = withDrover(run, { hints: true }).meanWaitS;
      expect(drover).toBeLessThanOrEqual(1.3 * withReference("SJF exact", run).meanWaitS);
    },
  );

  it("keeps models where they are wanted: sooner than any other, next to no swaps", () => {
    const run = modelMix(size, 0.7);
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
      const blind = bestReference(run, "meanResponseS", blindReferences);
      expect(withDrover(run, { hints: false }).meanResponseS).toBeLessThanOrEqual(
        1.1 * blind.value,
      );
      const best = bestReference(run, "meanResponseS");
      expect(withDrover(run, { hints: true }).meanResponseS).toBeLessThanOrEqual(1.1 * best.value);
    },
  );

  it("holds on the arrivals and sizes of a real chat service", () => {
    const run = realTrace(0.85);
    const fifo = withReference("central FIFO", run).meanWaitS;
    expect(withDrover(run, { hints: false }).meanWaitS).toBeLessThanOrEqual(1.05 * fifo);
    const exact = withReference("SJF exact", run).meanWaitS;
    expect(withDrover(run, { hints: true }).meanWaitS).toBeLessThanOrEqual(1.3 * exact);
  });

  it("does the same again for the same seed, and never more at once than there are slots", () => {
    const { traces, cluster } = oneModel({ seeds: [5], count: 2000 }, 0.85);
    const [first, second] = [1, 2].map(() => runDrover(traces[0] ?? [], cluster, { hints: true }));
    expect(first).toEqual(second);
    expect(first?.mostInFlight).toBe(2);
    expect(first?.outcomes).toHaveLength(2000);
  });
});
