import { realTrace } from "#testing/simulation/azure-trace.ts";
import {
  bestReference,
  blindReferences,
  conversations,
  modelMix,
  oneModel,
  withDrover,
  withReference,
  type Experiment,
} from "#testing/simulation/experiments.ts";
import { policies, type PolicyName } from "#lib/core/balancing/policies.ts";
import type { Figure } from "../figures.ts";

const size = { seeds: [1, 2, 3], count: 20_000 };

const figure = (
  name: string,
  value: number,
  goal: number | null,
  against: string,
  better: Figure["better"] = "lower",
): Figure => ({ part: "simulation", name, value, unit: "×", goal, better, against });

/** Scheduling on a virtual clock: the real dispatcher beside schedulers written after others, on the same traces. */
export async function benchSimulation(): Promise<readonly Figure[]> {
  return Promise.resolve([
    ...waits(),
    ...modelMixes(),
    ...prefixes(),
    ...speeds(),
    ...arrivals(),
    ...comparedPolicies(),
  ]);
}

function waits(): readonly Figure[] {
  return [0.5, 0.7, 0.85, 0.9, 0.95].flatMap((load) => {
    const run = oneModel(size, load);
    const blind = withDrover(run, { hints: false });
    const hinted = withDrover(run, { hints: true });
    const exact = withReference("SJF exact", run);
    const fifo = withReference("central FIFO", run);
    const noisy = withReference("SJF noisy", run);
    const at = `load ${load}`;
    return [
      figure(`mean wait, ${at}`, blind.meanWaitS / fifo.meanWaitS, 1.05, "central FIFO"),
      figure(`mean wait with hints, ${at}`, hinted.meanWaitS / exact.meanWaitS, 1.3, "exact SJF"),
      figure(`p99 wait with hints, ${at}`, hinted.p99WaitS / fifo.p99WaitS, null, "central FIFO"),
      figure(
        `SJF on the same hints, ${at}`,
        noisy.meanWaitS / exact.meanWaitS,
        null,
        "exact SJF; no ageing at all",
      ),
    ];
  });
}

function modelMixes(): readonly Figure[] {
  const run = modelMix(size, 0.7);
  const best = bestReference(run, "meanFirstTokenS", blindReferences);
  return [false, true].flatMap((hints) => {
    const drover = withDrover(run, { hints });
    const ratio = drover.meanFirstTokenS / best.value;
    const how = hints ? "with hints" : "without hints";
    return [
      figure(`model mix, mean first token ${how}`, ratio, 0.85, best.name),
      figure(`model mix, swaps a request ${how}`, drover.swapsPerRequest, 0.02, "requests"),
    ];
  });
}

function prefixes(): readonly Figure[] {
  return [0.7, 0.85].flatMap((load) => {
    const run = conversations(size, load);
    const drover = withDrover(run, { hints: false });
    const best = bestReference(run, "meanFirstTokenS", blindReferences);
    const hits = drover.prefixHits / withReference("sticky", run).prefixHits;
    const ratio = drover.meanFirstTokenS / best.value;
    return [
      figure(`conversations, mean first token, load ${load}`, ratio, 0.85, best.name),
      figure(`conversations, prefix hits, load ${load}`, hits, 0.8, "sticky", "higher"),
    ];
  });
}

function speeds(): readonly Figure[] {
  return [0.5, 0.7, 0.85].flatMap((load) => {
    const run = oneModel(size, load, { speeds: [4, 2, 1, 1] });
    const blind = bestReference(run, "meanResponseS", blindReferences);
    const best = bestReference(run, "meanResponseS");
    const ratio = (hints: boolean, value: number): number =>
      withDrover(run, { hints }).meanResponseS / value;
    const name = `speeds 4:2:1:1, mean response, load ${load}`;
    return [
      figure(name, ratio(false, blind.value), 1.1, blind.name),
      figure(`${name}, with hints`, ratio(true, best.value), 1.1, best.name),
    ];
  });
}

function arrivals(): readonly Figure[] {
  return [0.7, 0.85].map((load) => {
    const run = realTrace(load);
    const fifo = withReference("central FIFO", run).meanWaitS;
    const ratio = withDrover(run, { hints: false }).meanWaitS / fifo;
    return figure(`real arrivals, mean wait, load ${load}`, ratio, 1.05, "central FIFO");
  });
}

function comparedPolicies(): readonly Figure[] {
  const run: Experiment = conversations({ ...size, count: 10_000 }, 0.7);
  const reached = (policy: PolicyName): number =>
    withDrover(run, { hints: false, policy }).meanFirstTokenS;
  const own = reached("predicted-time");
  return (Object.keys(policies) as PolicyName[])
    .filter((policy) => policy !== "predicted-time")
    .map((policy) =>
      figure(`policy ${policy}, mean first token`, reached(policy) / own, null, "predicted-time"),
    );
}
