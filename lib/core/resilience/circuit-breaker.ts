import { milliseconds, type Milliseconds } from "../time/milliseconds.ts";
import { type CallWindow, windowTotals, withWindowCall } from "./call-window.ts";

export type CircuitState =
  | { readonly kind: "closed" }
  | { readonly kind: "open"; readonly until: Milliseconds }
  /** One probe is out; it counts as failed when it has not settled at its deadline. */
  | { readonly kind: "half-open"; readonly deadline: Milliseconds };

/** Hard verdicts are facts about the connection; soft ones are judged from calls and may be ignored when most nodes are open. */
export type OpenReason = "refused" | "unreachable" | "failures-in-a-row" | "failure-share";

export interface CircuitBreaker {
  readonly state: CircuitState;
  /** Why it last opened; `null` when it never did or was reset. */
  readonly reason: OpenReason | null;
  /** Failed calls in a row. */
  readonly inARow: number;
  /** Calls of the last minute. */
  readonly calls: CallWindow;
  /** How often it opened without a calm minute between. */
  readonly openings: number;
  readonly closedAt: Milliseconds;
}

export interface BreakerLimits {
  readonly failuresInARow: number;
  /** Failures within the window that open it when they are also `windowShare` of its calls. */
  readonly windowFailures: number;
  readonly windowShare: number;
  readonly windowMs: number;
  readonly firstOpenMs: number;
  readonly longestOpenMs: number;
  readonly probeMs: number;
}

export const breakerLimits: BreakerLimits = {
  failuresInARow: 5,
  windowFailures: 5,
  windowShare: 0.5,
  windowMs: 60_000,
  firstOpenMs: 1000,
  longestOpenMs: 60_000,
  probeMs: 15_000,
};

export const closedBreaker: CircuitBreaker = {
  state: { kind: "closed" },
  reason: null,
  inARow: 0,
  calls: [],
  openings: 0,
  closedAt: milliseconds(Number.NEGATIVE_INFINITY),
};

const jitterShare = 0.2;

/** What a decision needs beside the state. `chance` is a random number from 0 up to 1. */
export interface BreakerMoment {
  readonly now: Milliseconds;
  readonly chance: number;
  readonly limits: BreakerLimits;
}

/** Opens it; the wait doubles with each opening and is spread by a fifth each way, so that nodes do not come back in step. */
export function opened(
  breaker: CircuitBreaker,
  reason: OpenReason,
  { now, chance, limits }: BreakerMoment,
): CircuitBreaker {
  const calm = breaker.state.kind === "closed" && now - breaker.closedAt > limits.windowMs;
  const openings = calm ? 1 : breaker.openings + 1;
  const plain = Math.min(limits.firstOpenMs * 2 ** (openings - 1), limits.longestOpenMs);
  const spread = plain * (1 - jitterShare + 2 * jitterShare * chance);
  const until = milliseconds(now + Math.min(spread, limits.longestOpenMs));
  return { ...breaker, state: { kind: "open", until }, reason, openings, inARow: 0, calls: [] };
}

/**
 * An ordinary call ended. An open breaker does not listen, but for a call that succeeds when the probe is due: it proves what the probe
 * would, on a node that is too busy for one (soft verdicts may be lifted, and then every free slot is taken at once).
 */
export function afterCircuitCall(
  breaker: CircuitBreaker,
  failed: boolean,
  moment: BreakerMoment,
): CircuitBreaker {
  const { now, limits } = moment;
  if (breaker.state.kind !== "closed")
    return !failed && isProbeDue(breaker, now) ? closedAgain(breaker, now) : breaker;
  const { windowMs } = limits;
  const calls = withWindowCall(breaker.calls, now, { windowMs, failed });
  const inARow = failed ? breaker.inARow + 1 : 0;
  const next = { ...breaker, calls, inARow };
  if (!failed) return next;
  if (inARow >= limits.failuresInARow) return opened(next, "failures-in-a-row", moment);
  const totals = windowTotals(calls, now, windowMs);
  return totals.failed >= limits.windowFailures &&
    totals.failed >= totals.calls * limits.windowShare
    ? opened(next, "failure-share", moment)
    : next;
}

/** May the half-open probe go out now? Also when an earlier one never settled. */
export function isProbeDue({ state }: CircuitBreaker, now: Milliseconds): boolean {
  if (state.kind === "closed") return false;
  return now >= (state.kind === "open" ? state.until : state.deadline);
}

export const probing = (breaker: CircuitBreaker, moment: BreakerMoment): CircuitBreaker => ({
  ...breaker,
  state: { kind: "half-open", deadline: milliseconds(moment.now + moment.limits.probeMs) },
});

/** The half-open probe settled; one that nobody waits for any more changes nothing. */
export function afterHalfOpenProbe(
  breaker: CircuitBreaker,
  succeeded: boolean,
  moment: BreakerMoment,
): CircuitBreaker {
  if (breaker.state.kind !== "half-open") return breaker;
  if (!succeeded) return opened(breaker, breaker.reason ?? "unreachable", moment);
  return closedAgain(breaker, moment.now);
}

const closedAgain = (breaker: CircuitBreaker, now: Milliseconds): CircuitBreaker => ({
  ...breaker,
  ...{ state: { kind: "closed" }, inARow: 0, calls: [], closedAt: now },
});

/** The node answers again: the rest of the wait is pointless. */
export function waitEnded(breaker: CircuitBreaker, now: Milliseconds): CircuitBreaker {
  if (breaker.state.kind !== "open" || breaker.state.until <= now) return breaker;
  return { ...breaker, state: { kind: "open", until: now } };
}

export const isHardReason = (reason: OpenReason | null): boolean =>
  reason === "refused" || reason === "unreachable";
