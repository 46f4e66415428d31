import { describe, expect, it } from "vitest";
import { milliseconds } from "../time/milliseconds.ts";
import { noAttempts, onFailure, signInLimits, waitMs } from "./attempt-limits.ts";

/** Passwords that are looked at in `spanMs` by somebody who tries again the moment they may. */
function guessesIn(spanMs: number, limit: keyof typeof signInLimits): number {
  let attempts = noAttempts;
  let now = 0;
  let guesses = 0;
  while (now < spanMs) {
    attempts = onFailure(attempts, milliseconds(now), signInLimits[limit]);
    guesses += 1;
    now += Math.max(1, waitMs(attempts, milliseconds(now)));
  }
  return guesses;
}

describe("sign-in limits", () => {
  it("look at no more than 20 passwords of an account in 15 minutes, however many ask", () => {
    expect(guessesIn(15 * 60_000, "account")).toBeLessThanOrEqual(20);
  });

  it("stop one guesser before the account's own limit is touched", () => {
    expect(guessesIn(15 * 60_000, "pair")).toBeLessThanOrEqual(signInLimits.account.freeFailures);
  });

  it("let a few slips pass at once", () => {
    let attempts = noAttempts;
    for (let slip = 0; slip < signInLimits.pair.freeFailures; slip += 1)
      attempts = onFailure(attempts, milliseconds(slip), signInLimits.pair);
    expect(waitMs(attempts, milliseconds(10))).toBe(0);
    attempts = onFailure(attempts, milliseconds(10), signInLimits.pair);
    expect(waitMs(attempts, milliseconds(10))).toBe(signInLimits.pair.firstDelayMs);
  });

  it("never grow beyond the longest delay and forget after quiet", () => {
    let attempts = noAttempts;
    for (let failure = 0; failure < 200; failure += 1)
      attempts = onFailure(attempts, milliseconds(0), signInLimits.pair);
    expect(waitMs(attempts, milliseconds(0))).toBe(signInLimits.pair.longestDelayMs);
    const later = milliseconds(signInLimits.pair.forgetMs + 1);
    expect(onFailure(attempts, later, signInLimits.pair).failures).toBe(1);
  });
});
