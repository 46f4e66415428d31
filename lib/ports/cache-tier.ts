import type { TierName } from "../core/cache/cached-kinds.ts";

export interface CacheValue {
  readonly key: string;
  /** Not to be changed once it was given. */
  readonly value: Uint8Array;
  /** How long it may be given back, ms, > 0. */
  readonly keepMs: number;
}

/**
 * A place for what can be computed again: it may forget anything at any time, never gives back other bytes than were written under
 * the key, and rejects when it cannot be asked (services/guarded-tier.ts makes misses of that).
 */
export interface CacheTier {
  readonly name: TierName;
  /** In the order of `keys`; `null` for what is not there or has expired. `signal` aborts when nobody waits any more. */
  read(keys: readonly string[], signal: AbortSignal): Promise<readonly (Uint8Array | null)[]>;
  /** Takes the place of what the keys held. A value larger than the tier takes is left out, and what it replaces is gone. */
  write(values: readonly CacheValue[], signal: AbortSignal): Promise<void>;
  remove(keys: readonly string[], signal: AbortSignal): Promise<void>;
}
