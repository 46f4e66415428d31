import type { Milliseconds } from "../time/milliseconds.ts";

/** A limit per minute that may be used up in bursts of one and a half minutes' worth. Spending may overdraw it: it then takes longer to refill. */
export interface TokenBucket {
  readonly level: number;
  readonly at: Milliseconds;
}

const burst = 1.5;
const minuteMs = 60_000;

const capacityOf = (perMinute: number): number => Math.max(perMinute * burst, 1);

export const fullBucket = (perMinute: number, now: Milliseconds): TokenBucket => ({
  level: capacityOf(perMinute),
  at: now,
});

const refilled = ({ level, at }: TokenBucket, perMinute: number, now: Milliseconds): number =>
  Math.min(level + ((now - at) * perMinute) / minuteMs, capacityOf(perMinute));

/** Takes `amount` out, below nothing if need be. */
export const withSpent = (
  bucket: TokenBucket,
  amount: number,
  perMinute: number,
  now: Milliseconds,
): TokenBucket => ({ level: refilled(bucket, perMinute, now) - amount, at: now });

/** Time until `amount` is there, ms; 0 = now. */
export function untilThere(
  bucket: TokenBucket,
  amount: number,
  perMinute: number,
  now: Milliseconds,
): number {
  const missing = Math.min(amount, capacityOf(perMinute)) - refilled(bucket, perMinute, now);
  return missing <= 0 ? 0 : Math.ceil((missing / perMinute) * minuteMs);
}
