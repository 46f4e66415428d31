import { type Milliseconds, milliseconds } from "../time/milliseconds.ts";

/** Failed attempts under one key, e.g. one account tried from one address. */
export interface Attempts {
  readonly failures: number;
  /** Monotonic time before which no further attempt is looked at. */
  readonly blockedUntil: Milliseconds;
  readonly lastFailure: Milliseconds;
}

export interface AttemptLimits {
  /** Failures that cost nothing yet. */
  readonly freeFailures: number;
  /** Delay after the first failure beyond the free ones; doubles with each. */
  readonly firstDelayMs: number;
  readonly longestDelayMs: number;
  /** Quiet time after which everything is forgotten. */
  readonly forgetMs: number;
}

const minuteMs = 60_000;

/**
 * The three limits a sign-in must pass. One client guessing at one account meets `pair` long before `account`, so its
 * owner elsewhere is not held up; many clients together meet `account`: at most 20 passwords are looked at in 15 minutes.
 */
export const signInLimits = {
  pair: {
    freeFailures: 5,
    firstDelayMs: 2_000,
    longestDelayMs: 15 * minuteMs,
    forgetMs: 60 * minuteMs,
  },
  // Many people may share an address, so it only slows down.
  address: {
    freeFailures: 30,
    firstDelayMs: 1_000,
    longestDelayMs: minuteMs,
    forgetMs: 15 * minuteMs,
  },
  account: {
    freeFailures: 14,
    firstDelayMs: 3 * minuteMs,
    longestDelayMs: 3 * minuteMs,
    forgetMs: 60 * minuteMs,
  },
} as const satisfies Record<string, AttemptLimits>;

export const noAttempts: Attempts = {
  failures: 0,
  blockedUntil: milliseconds(Number.NEGATIVE_INFINITY),
  lastFailure: milliseconds(Number.NEGATIVE_INFINITY),
};

/** How long the next attempt must wait; 0 = it may go on. */
export const waitMs = (attempts: Attempts, now: Milliseconds): number =>
  Math.max(0, attempts.blockedUntil - now);

/** The state after one more failure at `now`. */
export function onFailure(attempts: Attempts, now: Milliseconds, limits: AttemptLimits): Attempts {
  const forgotten = now - attempts.lastFailure > limits.forgetMs;
  const failures = (forgotten ? 0 : attempts.failures) + 1;
  const beyond = failures - limits.freeFailures;
  const delayMs =
    beyond <= 0
      ? 0
      : Math.min(limits.longestDelayMs, limits.firstDelayMs * 2 ** Math.min(beyond - 1, 30));
  return { failures, blockedUntil: milliseconds(now + delayMs), lastFailure: now };
}
