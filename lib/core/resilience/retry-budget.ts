import type { Milliseconds } from "../time/milliseconds.ts";
import { type CallWindow, windowTotals, withWindowCall } from "./call-window.ts";

/** The calls and retries of the last 10 s. */
export interface RetryBudget {
  readonly calls: CallWindow;
  readonly retries: CallWindow;
}

export const emptyRetryBudget: RetryBudget = { calls: [], retries: [] };

const windowMs = 10_000;
const tenth = 0.1;
const fewest = 5;

export const withCall = (budget: RetryBudget, now: Milliseconds): RetryBudget => ({
  ...budget,
  calls: withWindowCall(budget.calls, now, { windowMs }),
});

/** Takes one retry out of the budget: a share of the traffic (a tenth), never below 5 in 10 s. `null` when it is used up. */
export function withRetry(
  budget: RetryBudget,
  now: Milliseconds,
  share = tenth,
): RetryBudget | null {
  const { calls } = windowTotals(budget.calls, now, windowMs);
  const { calls: retries } = windowTotals(budget.retries, now, windowMs);
  if (retries >= Math.max(fewest, calls * share)) return null;
  return { ...budget, retries: withWindowCall(budget.retries, now, { windowMs }) };
}
