import { milliseconds, type Milliseconds } from "../time/milliseconds.ts";

/** Times of the calls and retries of the last 10 s. */
export interface RetryBudget {
  readonly calls: readonly Milliseconds[];
  readonly retries: readonly Milliseconds[];
}

export const emptyRetryBudget: RetryBudget = { calls: [], retries: [] };

const windowMs = 10_000;
const tenth = 0.1;
const fewest = 5;

const recent = (times: readonly Milliseconds[], now: Milliseconds): readonly Milliseconds[] =>
  times.filter((time) => time > milliseconds(now - windowMs));

export const withCall = (budget: RetryBudget, now: Milliseconds): RetryBudget => ({
  calls: [...recent(budget.calls, now), now],
  retries: recent(budget.retries, now),
});

/** Takes one retry out of the budget: a share of the traffic (a tenth), never below 5 in 10 s. `null` when it is used up. */
export function withRetry(
  budget: RetryBudget,
  now: Milliseconds,
  share = tenth,
): RetryBudget | null {
  const calls = recent(budget.calls, now);
  const retries = recent(budget.retries, now);
  if (retries.length >= Math.max(fewest, calls.length * share)) return null;
  return { calls, retries: [...retries, now] };
}
