import type { PolicyName } from "#lib/core/balancing/policies.ts";
import { runDrover } from "./run-drover.ts";
import { references, runReference, type ReferenceName } from "./references.ts";
import { meanOf, summarise, type Summary } from "./summary.ts";
import {
  conversationTrace,
  fourNodes,
  modelMixTrace,
  oneModelTrace,
  type Cluster,
  type Job,
} from "./workload.ts";

/** Traces of the same kind from several seeds, and the nodes they run on. */
export interface Experiment {
  readonly traces: readonly (readonly Job[])[];
  readonly cluster: Cluster;
}

export interface Size {
  readonly seeds: readonly number[];
  readonly count: number;
}

const experiment = (
  { seeds, count }: Size,
  load: number,
  cluster: Cluster,
  traceOf: (options: Parameters<typeof oneModelTrace>[0]) => readonly Job[],
): Experiment => ({
  cluster,
  traces: seeds.map((seed) => traceOf({ seed, count, load, cluster })),
});

/** @param noise log-error of the size hints */
export const oneModel = (
  size: Size,
  load: number,
  change: Partial<Cluster> = {},
  noise?: number,
): Experiment =>
  experiment(size, load, fourNodes(change), (options) => oneModelTrace(options, noise));

/** Two models in memory a node; a load takes 5 s. */
export const modelMix = (size: Size, load: number): Experiment =>
  experiment(size, load, fourNodes({ residentModels: 2, loadS: 5 }), modelMixTrace);

export const conversations = (size: Size, load: number): Experiment =>
  experiment(size, load, fourNodes({ cachedConversations: 40 }), conversationTrace);

/** Means over the traces. */
export const withReference = (name: ReferenceName, { traces, cluster }: Experiment): Summary =>
  meanOf(traces.map((trace) => summarise(runReference(name, trace, cluster))));

export const withDrover = (
  { traces, cluster }: Experiment,
  options: { readonly hints: boolean; readonly policy?: PolicyName },
): Summary => meanOf(traces.map((trace) => summarise(runDrover(trace, cluster, options).outcomes)));

export interface Ratio {
  readonly value: number;
  /** Half of the 95 % interval over the traces. */
  readonly plusMinus: number;
}

/** Mean of one figure over the traces ÷ mean of another over the same traces (ratio estimator). */
export function ratioOf(
  { traces }: Experiment,
  above: (trace: readonly Job[]) => number,
  below: (trace: readonly Job[]) => number,
): Ratio {
  const pairs = traces.map((trace) => ({ above: above(trace), below: below(trace) }));
  const total = pairs.reduce((sum, pair) => sum + pair.below, 0);
  const value = pairs.reduce((sum, pair) => sum + pair.above, 0) / total;
  const spread = pairs.reduce((sum, pair) => sum + (pair.above - value * pair.below) ** 2, 0);
  const count = pairs.length;
  const error = Math.sqrt((spread * count) / Math.max(count - 1, 1)) / total;
  return { value, plusMinus: 1.96 * error };
}

const meanWaitS = (outcomes: Parameters<typeof summarise>[0]): number =>
  summarise(outcomes).meanWaitS;

/** Mean wait with size hints ÷ that of another scheduler on the same traces. */
export const hintedWaits = (run: Experiment, against: ReferenceName): Ratio =>
  ratioOf(
    run,
    (trace) => meanWaitS(runDrover(trace, run.cluster, { hints: true }).outcomes),
    (trace) => meanWaitS(runReference(against, trace, run.cluster)),
  );

/** The lowest that any of the references reaches. */
export function bestReference(
  experimentRun: Experiment,
  figure: keyof Summary,
  names: readonly ReferenceName[] = Object.keys(references) as ReferenceName[],
): { readonly name: ReferenceName; readonly value: number } {
  const reached = names.map((name) => ({
    name,
    value: withReference(name, experimentRun)[figure],
  }));
  return reached.reduce((best, one) => (one.value < best.value ? one : best));
}

/** Those that need to know nothing in advance. */
export const blindReferences: readonly ReferenceName[] = [
  "power of two",
  "least-connections",
  "weighted least-connections",
  "warm-first",
  "sticky",
  "uncached prefill × load",
  "central FIFO",
  "central FIFO, fastest free",
];
