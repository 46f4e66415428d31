import { quantile } from "../figures.ts";

/** How one request ended, as its client saw it. */
export interface Outcome {
  /** From the moment it was due; undefined when no token came. */
  readonly firstTokenMs: number | undefined;
  /** From the same moment to the end. */
  readonly totalMs: number;
  /** `cut`: tokens came and the answer broke off. `lost`: nothing came. */
  readonly end: "complete" | "cut" | "lost";
}

export interface Summary {
  readonly meanMs: number;
  readonly p95Ms: number;
  readonly p99Ms: number;
  readonly cut: number;
  readonly lost: number;
}

export function summarise(outcomes: readonly Outcome[]): Summary {
  const firsts = outcomes.flatMap(({ firstTokenMs }) => firstTokenMs ?? []);
  const count = (end: Outcome["end"]): number =>
    outcomes.filter((outcome) => outcome.end === end).length;
  return {
    meanMs: firsts.reduce((sum, value) => sum + value, 0) / Math.max(1, firsts.length),
    p95Ms: firsts.length === 0 ? 0 : quantile(firsts, 0.95),
    p99Ms: firsts.length === 0 ? 0 : quantile(firsts, 0.99),
    cut: count("cut"),
    lost: count("lost"),
  };
}
