import {
  afterCircuitCall,
  afterHalfOpenProbe,
  closedBreaker,
  isProbeDue,
  probing,
  type BreakerLimits,
  type CircuitBreaker,
} from "../core/resilience/circuit-breaker.ts";
import type { TierName } from "../core/cache/cached-kinds.ts";
import type { CacheTier, CacheValue } from "../ports/cache-tier.ts";
import type { Clock } from "../ports/clock.ts";

export interface TierAnswer {
  /** In the order of the keys; nothing but `null` when the tier could not be asked. */
  readonly values: readonly (Uint8Array | null)[];
  readonly isAnswered: boolean;
}

/** A tier that never fails and never holds anybody up: whatever goes wrong with it is a miss. */
export interface GuardedTier {
  readonly name: TierName;
  read(keys: readonly string[]): Promise<TierAnswer>;
  write(values: readonly CacheValue[]): Promise<void>;
  remove(keys: readonly string[]): Promise<void>;
  /** `false` while it is left alone since it failed several times in a row. */
  isWorking(): boolean;
}

export interface GuardedTierDeps {
  readonly tier: CacheTier;
  readonly clock: Pick<Clock, "now" | "timeout">;
  /** How long one call may take. */
  readonly timeoutMs: number;
  /** From 0 up to 1. */
  readonly chance?: () => number;
  /** Told of the first fault, and not of those that follow while it is away. */
  readonly onFault: (error: unknown, tier: TierName) => void;
}

export const tierBreakerLimits: BreakerLimits = {
  failuresInARow: 3,
  windowFailures: 10,
  windowShare: 0.5,
  windowMs: 10_000,
  firstOpenMs: 1000,
  longestOpenMs: 30_000,
  probeMs: 5000,
};

export function guardTier(deps: GuardedTierDeps): GuardedTier {
  const { tier, clock } = deps;
  const { name } = tier;
  const chance = deps.chance ?? (() => 0.5);
  let breaker: CircuitBreaker = closedBreaker;
  const moment = () => ({ now: clock.now(), chance: chance(), limits: tierBreakerLimits });

  const called = async <T>(work: (signal: AbortSignal) => Promise<T>): Promise<T | null> => {
    const isProbe = breaker.state.kind !== "closed";
    try {
      const signal = clock.timeout(deps.timeoutMs);
      const result = await inTime(work(signal), signal);
      breaker = isProbe
        ? afterHalfOpenProbe(breaker, true, moment())
        : afterCircuitCall(breaker, false, moment());
      return result;
    } catch (error) {
      if (breaker.state.kind === "closed" && breaker.inARow === 0) deps.onFault(error, name);
      breaker = isProbe
        ? afterHalfOpenProbe(breaker, false, moment())
        : afterCircuitCall(breaker, true, moment());
      return null;
    }
  };
  /** Nobody waits for the call that tries whether it is back. */
  const isLeftAlone = (probe: (signal: AbortSignal) => Promise<unknown>): boolean => {
    if (breaker.state.kind === "closed") return false;
    if (isProbeDue(breaker, clock.now())) {
      breaker = probing(breaker, moment());
      void called(probe);
    }
    return true;
  };

  return {
    name,
    isWorking: () => breaker.state.kind === "closed",
    async read(keys) {
      const nothing = { values: keys.map(() => null), isAnswered: false };
      const read = (signal: AbortSignal) => tier.read(keys, signal);
      if (isLeftAlone(read)) return nothing;
      const values = await called(read);
      return values?.length === keys.length ? { values, isAnswered: true } : nothing;
    },
    async write(values) {
      const write = (signal: AbortSignal) => tier.write(values, signal);
      if (!isLeftAlone(write)) await called(write);
    },
    async remove(keys) {
      const remove = (signal: AbortSignal) => tier.remove(keys, signal);
      if (!isLeftAlone(remove)) await called(remove);
    },
  };
}

/** The caller goes on when the signal aborts, whether or not the work notices. */
function inTime<T>(work: Promise<T>, signal: AbortSignal): Promise<T> {
  return new Promise((resolve, reject) => {
    const leave = (): void => {
      reject(signal.reason as Error);
    };
    if (signal.aborted) leave();
    else signal.addEventListener("abort", leave, { once: true });
    work.then(resolve, reject).finally(() => {
      signal.removeEventListener("abort", leave);
    });
  });
}
