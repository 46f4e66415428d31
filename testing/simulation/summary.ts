import type { Outcome } from "./simulated-node.ts";

/** Figures of one run in seconds, without its first tenth. */
export interface Summary {
  readonly meanWaitS: number;
  readonly p99WaitS: number;
  readonly meanResponseS: number;
  readonly p99ResponseS: number;
  readonly meanFirstTokenS: number;
  readonly p99FirstTokenS: number;
  readonly swapsPerRequest: number;
  /** Requests that found their conversation's prefix, of those that continue one. */
  readonly prefixHits: number;
}

const warmUp = 0.1;

export function summarise(outcomes: readonly Outcome[]): Summary {
  const from = outcomes.length * warmUp;
  const counted = outcomes.filter(({ job }) => job.id >= from);
  const of = (figure: (outcome: Outcome) => number): readonly number[] => counted.map(figure);
  const waits = of(({ job, startedAt }) => startedAt - job.at);
  const responses = of(({ job, endedAt }) => endedAt - job.at);
  const firstTokens = of(({ job, firstTokenAt }) => firstTokenAt - job.at);
  const talks = counted.filter(({ job }) => job.conversation !== null);
  return {
    meanWaitS: mean(waits),
    p99WaitS: p99(waits),
    meanResponseS: mean(responses),
    p99ResponseS: p99(responses),
    meanFirstTokenS: mean(firstTokens),
    p99FirstTokenS: p99(firstTokens),
    swapsPerRequest: mean(of(({ wasCold }) => (wasCold ? 1 : 0))),
    prefixHits: mean(talks.map(({ hitPrefix }) => (hitPrefix ? 1 : 0))),
  };
}

/** Each figure's mean over several runs. */
export function meanOf(summaries: readonly Summary[]): Summary {
  if (summaries.length === 0) throw new RangeError("no runs");
  const over = (key: keyof Summary): number => mean(summaries.map((summary) => summary[key]));
  return {
    meanWaitS: over("meanWaitS"),
    p99WaitS: over("p99WaitS"),
    meanResponseS: over("meanResponseS"),
    p99ResponseS: over("p99ResponseS"),
    meanFirstTokenS: over("meanFirstTokenS"),
    p99FirstTokenS: over("p99FirstTokenS"),
    swapsPerRequest: over("swapsPerRequest"),
    prefixHits: over("prefixHits"),
  };
}

const mean = (values: readonly number[]): number =>
  values.length === 0 ? 0 : values.reduce((sum, value) => sum + value, 0) / values.length;

const p99 = (values: readonly number[]): number =>
  [...values].sort((one, other) => one - other)[Math.floor(values.length * 0.99)] ?? 0;
