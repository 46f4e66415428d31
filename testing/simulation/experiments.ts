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

export const oneModel = (size: Size, load: number, change: Partial<Cluster> = {}): Experiment =>
  experiment(size, load, fourNodes(change), oneModelTrace);

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
