import type { CachedKind, TierName } from "../core/cache/cached-kinds.ts";
import type { LookupCount } from "./answer-cache-store.ts";

export type TierResult = "hit" | "miss" | "failed";

export interface TierCount {
  readonly kind: CachedKind;
  readonly tier: TierName;
  /** `failed`: it could not be asked, or was not asked since it fails. */
  readonly result: TierResult;
}

export interface TierHour extends TierCount {
  readonly hour: Date;
  readonly lookups: number;
}

/** What came of asking the cache. Counting never waits and never fails; the last seconds before a crash may be lost. */
export interface CacheCounters {
  /** How one question's look-up ended. */
  answer(workspaceId: string, at: Date, lookup: LookupCount): void;
  tier(count: TierCount, at: Date, lookups: number): void;
  /** Writes down what was counted. Rejects when it cannot; nothing is lost by that. */
  flush(): Promise<void>;
  /** By hour, oldest first; what is not yet written down is left out. */
  tierHours(since: Date): Promise<readonly TierHour[]>;
}
