import {
  type Attempts,
  noAttempts,
  onFailure,
  signInLimits,
  waitMs,
} from "../core/access/attempt-limits.ts";
import { AppError } from "../core/errors/app-error.ts";
import type { Clock } from "../ports/clock.ts";

type Limit = keyof typeof signInLimits;

export interface AttemptThrottle {
  /** Counts an attempt as failed until it is known better, so that many at the same time cannot slip through. Throws `rate_limited`. */
  begin(account: string, address: string): void;
  /** The attempt was right: the slips before it do not count and the address is known to the account. */
  succeeded(account: string, address: string): void;
  /** The attempt was never looked at: it does not count. */
  withdrawn(account: string, address: string): void;
}

const rememberedKeys = 10_000;

/** Keeps the newest keys only, so that a guesser cannot fill the memory. */
function remember<V>(map: Map<string, V>, key: string, value: V): void {
  map.delete(key);
  map.set(key, value);
  if (map.size > rememberedKeys) for (const oldest of map.keys()) return void map.delete(oldest);
}

const keysOf = (account: string, address: string): Record<Limit, string> => ({
  pair: `pair ${account} ${address}`,
  address: `address ${address}`,
  account: `account ${account}`,
});

/** Growing delays for password guesses: per account and address together, per address, per account. In memory: each replica counts its own. */
export function createAttemptThrottle(deps: { readonly clock: Clock }): AttemptThrottle {
  const attempts = new Map<string, Attempts>();
  const known = new Map<string, true>();
  /** Where somebody has signed in before, neither thousands who guess at the account nor a colleague who guesses from there holds them up. */
  const limitsFor = (account: string, address: string): readonly Limit[] =>
    known.has(`${account} ${address}`) ? ["pair"] : ["pair", "address", "account"];

  /** Only who is not held up gets this far, so nothing that still has to wait is set free. */
  const takeBack = (account: string, address: string, count: number): void => {
    const now = deps.clock.now();
    const keys = keysOf(account, address);
    for (const limit of limitsFor(account, address)) {
      const before = attempts.get(keys[limit]);
      if (before === undefined) continue;
      const failures = before.failures - count;
      if (failures <= 0) attempts.delete(keys[limit]);
      else
        attempts.set(keys[limit], { failures, blockedUntil: now, lastFailure: before.lastFailure });
    }
  };

  return {
    begin(account, address) {
      const now = deps.clock.now();
      const keys = keysOf(account, address);
      const limits = limitsFor(account, address);
      const longest = Math.max(
        ...limits.map((limit) => waitMs(attempts.get(keys[limit]) ?? noAttempts, now)),
      );
      if (longest > 0) throw new AppError("rate_limited", { retryAfterMs: longest });
      for (const limit of limits) {
        const before = attempts.get(keys[limit]) ?? noAttempts;
        remember(attempts, keys[limit], onFailure(before, now, signInLimits[limit]));
      }
    },
    succeeded(account, address) {
      const slips = attempts.get(keysOf(account, address).pair)?.failures ?? 1;
      takeBack(account, address, slips);
      remember(known, `${account} ${address}`, true);
    },
    withdrawn(account, address) {
      takeBack(account, address, 1);
    },
  };
}
