import { describe, expect, it } from "vitest";
import { milliseconds } from "../time/milliseconds.ts";
import { emptyRetryBudget, withCall, withRetry, type RetryBudget } from "./retry-budget.ts";

const at = milliseconds;

function retriesIn(budget: RetryBudget, now: number): number {
  let left: RetryBudget | null = budget;
  let count = 0;
  while ((left = withRetry(left, at(now))) !== null) count += 1;
  return count;
}

describe("retry budget", () => {
  it("allows five retries in ten seconds however little traffic there is", () => {
    expect(retriesIn(emptyRetryBudget, 0)).toBe(5);
  });

  it("allows a tenth of the traffic where that is more", () => {
    let budget = emptyRetryBudget;
    for (let call = 0; call < 200; call += 1) budget = withCall(budget, at(call));
    expect(retriesIn(budget, 500)).toBe(20);
  });

  it("forgets calls and retries after ten seconds", () => {
    let budget: RetryBudget | null = emptyRetryBudget;
    for (let retry = 0; retry < 5 && budget !== null; retry += 1) budget = withRetry(budget, at(0));
    if (budget === null) throw new Error("used up early");
    expect(withRetry(budget, at(9999))).toBeNull();
    expect(retriesIn(budget, 10_001)).toBe(5);
  });
});
