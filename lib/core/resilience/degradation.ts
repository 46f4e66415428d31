import type { WorkClass } from "../scheduling/work-class.ts";
import type { Milliseconds } from "../time/milliseconds.ts";

/**
 * 0 normal · 1 at most 1024 output tokens · 2 smallest model in memory; suggestions, titles, research and prewarming off ·
 * 3 only high-priority work runs, the rest waits.
 */
export type DegradationLevel = 0 | 1 | 2 | 3;

export interface Degradation {
  readonly level: DegradationLevel;
  /** What caused the level; `null` at 0. */
  readonly reason: "wait" | "nodes" | null;
  readonly since: Milliseconds;
  /** Since when the strain has asked for another level, and which; `null` = it does not. */
  readonly pull: { readonly level: DegradationLevel; readonly since: Milliseconds } | null;
}

/** How hard the cluster is pressed. */
export interface Strain {
  /** The longest that a person's request waits now, ms. */
  readonly waitMs: number;
  readonly nodes: number;
  /** Nodes whose breaker is open, unreachable ones included. */
  readonly openNodes: number;
}

export interface DegradationLimits {
  /** Waits from which levels 1, 2 and 3 hold, ms. */
  readonly waitMs: readonly [number, number, number];
  /** Shares of open nodes from which they hold. */
  readonly openShare: readonly [number, number, number];
  readonly riseAfterMs: number;
  readonly fallAfterMs: number;
  /** A level is left when the strain is below this share of its limit. */
  readonly fallShare: number;
}

export const degradationLimits: DegradationLimits = {
  waitMs: [10_000, 30_000, 90_000],
  openShare: [0.5, 0.75, 1],
  riseAfterMs: 5000,
  fallAfterMs: 30_000,
  fallShare: 0.6,
};

export const noDegradation: Degradation = {
  level: 0,
  reason: null,
  since: 0 as Milliseconds,
  pull: null,
};

/** The level a moment later. It rises as far as asked when that has held for a while, and falls one step at a time, later and from lower. */
export function nextDegradation(
  state: Degradation,
  strain: Strain,
  now: Milliseconds,
  limits: DegradationLimits = degradationLimits,
): Degradation {
  const asked = levelOf(strain, limits, 1);
  if (asked.level > state.level) {
    const since = pulledSince(state, (level) => level > state.level, now);
    if (now - since < limits.riseAfterMs) return { ...state, pull: { level: asked.level, since } };
    return { ...asked, since: now, pull: null };
  }
  const relaxed = levelOf(strain, limits, limits.fallShare);
  if (state.level === 0 || relaxed.level >= state.level)
    return state.pull === null ? state : { ...state, pull: null };
  const since = pulledSince(state, (level) => level < state.level, now);
  if (now - since < limits.fallAfterMs) return { ...state, pull: { level: relaxed.level, since } };
  const level = (state.level - 1) as DegradationLevel;
  return { level, reason: level === 0 ? null : state.reason, since: now, pull: null };
}

const pulledSince = (
  { pull }: Degradation,
  isThatWay: (level: DegradationLevel) => boolean,
  now: Milliseconds,
): Milliseconds => (pull !== null && isThatWay(pull.level) ? pull.since : now);

function levelOf(
  { waitMs, nodes, openNodes }: Strain,
  limits: DegradationLimits,
  share: number,
): Pick<Degradation, "level" | "reason"> {
  const byWait = stepsReached(waitMs, limits.waitMs, share);
  const byNodes = nodes === 0 ? 0 : stepsReached(openNodes / nodes, limits.openShare, share);
  const level = Math.max(byWait, byNodes) as DegradationLevel;
  if (level === 0) return { level, reason: null };
  return { level, reason: byNodes > byWait ? "nodes" : "wait" };
}

const stepsReached = (value: number, steps: readonly number[], share: number): number =>
  steps.filter((step) => value >= step * share).length;

const cappedTokens = 1024;

/** Output tokens that an answer may have at this level. */
export const outputLimit = (level: DegradationLevel, asked: number): number =>
  level >= 1 ? Math.min(asked, cappedTokens) : asked;

/** Classes that get no slot at this level: preparing answers from 2 on, at 3 everything but people and urgent agents. */
export const holdsClass = (level: DegradationLevel, workClass: WorkClass): boolean =>
  level >= 3
    ? workClass !== "interactive" && workClass !== "agent-high"
    : level === 2 && workClass === "prewarm";

/** Suggestions, titles, research and prewarming run only below level 2. */
export const allowsExtras = (level: DegradationLevel): boolean => level < 2;
