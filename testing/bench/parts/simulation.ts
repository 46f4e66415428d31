import { realTrace } from "#testing/simulation/azure-trace.ts";
import {
  bestReference,
  blindReferences,
  conversations,
  hintedWaits,
  modelMix,
  oneModel,
  ratioOf,
  withDrover,
  withReference,
  type Experiment,
  type Ratio,
  type Size,
} from "#testing/simulation/experiments.ts";
import { firstTokenWith } from "#testing/simulation/prompt-layouts.ts";
import { runReference, type ReferenceName } from "#testing/simulation/references.ts";
import { sessions, sessionsWithDrover, sessionsWithQueue } from "#testing/simulation/sessions.ts";
import { summarise } from "#testing/simulation/summary.ts";
import { policies, type PolicyName } from "#lib/core/balancing/policies.ts";
import type { Figure } from "../figures.ts";

const seeds = (count: number): readonly number[] =>
  Array.from({ length: count }, (_, index) => index + 1);
const size = { seeds: seeds(3), count: 20_000 };
// Three traces are off by a tenth where the queue is long.
const sizeAt = (load: number): Size => ({ ...size, seeds: seeds(load > 0.9 ? 12 : 3) });

const figure = (
  name: string,
  value: number,
  goal: number | null,
  against: string,
  better: Figure["better"] = "lower",
): Figure => ({ part: "simulation", name, value, unit: "×", goal, better, against });

const interval = (
  name: string,
  { value, plusMinus }: Ratio,
  goal: number | null,
  against: string,
): Figure => figure(name, value, goal, `${against} (± ${plusMinus.toFixed(2)})`);

/** Scheduling on a virtual clock: the real dispatcher beside schedulers written after others, on the same traces. */
export async function benchSimulation(): Promise<readonly Figure[]> {
  return [
    ...waits(),
    ...betterHints(),
    ...modelMixes(),
    ...prefixes(),
    ...(await sessionsFromCold()),
    await layouts(),
    ...speeds(),
    ...arrivals(),
    ...comparedPolicies(),
  ];
}

/** The sessions of the bench `cluster` from six seeds, the whole engine on a virtual clock: what is lost to the machine is not in it. */
async function sessionsFromCold(): Promise<readonly Figure[]> {
  const streams = seeds(6).map(sessions);
  let [own, found] = [0, 0];
  for (const stream of streams) {
    const result = await sessionsWithDrover(stream);
    own += result.meanFirstTokenMs;
    found += result.found / streams.length;
  }
  const queue = streams.map(sessionsWithQueue).reduce((sum, one) => sum + one, 0);
  const name = "sessions from a cold start";
  return [
    figure(`${name}, mean first token`, own / queue, 0.65, "one queue, K connections a node"),
    figure(`${name}, reusable tokens found`, found, 0.75, "those sent before", "higher"),
  ];
}

function waits(): readonly Figure[] {
  return [0.5, 0.7, 0.85, 0.9, 0.95].flatMap((load) => {
    const run = oneModel(sizeAt(load), load);
    const blind = withDrover(run, { hints: false });
    const hinted = withDrover(run, { hints: true });
    const fifo = withReference("central FIFO", run);
    const at = `load ${load}`;
    return [
      figure(`mean wait, ${at}`, blind.meanWaitS / fifo.meanWaitS, 1.05, "central FIFO"),
      interval(`mean wait with hints, ${at}`, hintedWaits(run, "SJF exact"), 1.3, "exact SJF"),
      figure(`p99 wait with hints, ${at}`, hinted.p99WaitS / fifo.p99WaitS, null, "central FIFO"),
      interval(
        `SJF on the same hints, ${at}`,
        ratioOf(run, waitWith("SJF noisy", run), waitWith("SJF exact", run)),
        null,
        "exact SJF; no bound on the longest wait",
      ),
    ];
  });
}

const waitWith =
  (name: ReferenceName, { cluster }: Experiment) =>
  (trace: Experiment["traces"][number]): number =>
    summarise(runReference(name, trace, cluster)).meanWaitS;

/** What better hints are worth where the queue is longest. */
const betterHints = (): readonly Figure[] =>
  [0.5, 0].map((noise) =>
    interval(
      `mean wait, load 0.95, hints with a log-error of ${noise}`,
      hintedWaits(oneModel(sizeAt(0.95), 0.95, {}, noise), "SJF exact"),
      1.3,
      "exact SJF",
    ),
  );

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

/** What leaving earlier passages in the prompt would cost: docs/decisions/2026-11-26-passages-last.md. */
async function layouts(): Promise<Figure> {
  const run = { seed: 1, perMinute: 10, remembered: 8 };
  const kept = await firstTokenWith({ ...run, layout: "append-only" });
  const last = await firstTokenWith({ ...run, layout: "passages-last" });
  return figure("append-only prompts, mean first token", kept / last, null, "passages last");
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
