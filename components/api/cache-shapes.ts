import type { SemanticState, Tally } from "#lib/core/cache/calibration.ts";
import type { CachedKind, TierName } from "#lib/core/cache/cached-kinds.ts";
import type { ScorerCalibration } from "#lib/core/cache/scored-pair.ts";
import type { SemanticDecision } from "#lib/core/cache/semantic-decision.ts";
import type { Veto } from "#lib/core/cache/vetoes.ts";
import type { AnswerSnapshot } from "#lib/core/chat/events.ts";

/** The answer cache as docs/http-api.md describes it; dates are ISO 8601 text. */
export interface CacheHour {
  readonly hour: string;
  readonly result: "exact" | "alias" | "vetted" | "semantic" | "miss" | "bypassed";
  readonly reason: string;
  readonly lookups: number;
  readonly savedMs: number;
  readonly savedTokens: number;
}

/** What one place of storage was asked for in an hour, and whether it had it. */
export interface TierHour {
  readonly hour: string;
  readonly kind: CachedKind;
  readonly tier: TierName;
  readonly result: "hit" | "miss" | "failed";
  readonly lookups: number;
}

export interface PrewarmRun {
  readonly id: string;
  readonly startedAt: string;
  readonly endedAt: string | null;
  readonly trigger: "start" | "timer" | "documents" | "admin";
  readonly outcome: "requested" | "running" | "complete" | "stopped" | "failed";
  readonly counts: Readonly<Record<string, number>>;
  readonly costMs: number;
  readonly costTokens: number;
}

export interface ListedQuestion {
  readonly id: string;
  readonly question: string;
  readonly answer: string | null;
  readonly documents: readonly string[];
  readonly state: "in-force" | "needs-review" | null;
  readonly updatedAt: string;
}

export interface SemanticReadout {
  readonly state: SemanticState;
  readonly embedder: string;
  readonly wordsLimit: number | null;
  readonly answersLimit: number | null;
  readonly calibrated: Tally;
  readonly shadow: Tally;
  readonly bound: number;
  readonly budget: number;
  readonly scorer: {
    readonly model: string;
    readonly scored: number;
    readonly pairs: number;
    readonly calibration: ScorerCalibration | null;
  } | null;
}

export interface CacheReport {
  readonly hours: readonly CacheHour[];
  readonly tiers: readonly TierHour[];
  readonly totals: {
    readonly entries: number;
    readonly bytes: number;
    readonly curated: number;
    readonly prewarmed: number;
    readonly aliases: number;
  };
  readonly semantic: SemanticReadout;
  readonly listed: readonly ListedQuestion[];
  readonly prewarmer: { readonly everyMs: number; readonly runs: readonly PrewarmRun[] };
}

export interface CacheEntry {
  readonly id: string;
  /** `null`: one person's own words. */
  readonly question: string | null;
  readonly source: "asked" | "prewarmed" | "curated";
  readonly documents: readonly string[];
  readonly wordings: number;
  readonly hits: number;
  readonly lastHitAt: string | null;
  readonly createdAt: string;
}

export interface CacheEntryDetail extends CacheEntry {
  readonly answer: AnswerSnapshot;
  readonly aliases: readonly {
    readonly question: string | null;
    readonly by: string;
    readonly cosine: number | null;
  }[];
  readonly generations: readonly {
    readonly collectionName: string;
    readonly made: number;
    readonly now: number | null;
  }[];
  readonly costMs: number;
  readonly costTokens: number;
}

export interface PairReport {
  readonly isSameText: boolean;
  readonly forms: readonly (string | null)[];
  readonly cosine: number;
  readonly vetoes: readonly Veto[];
  readonly isNearForm: boolean;
  readonly wordsLimit: number | null;
  readonly decision: SemanticDecision;
  readonly score: number | null;
  readonly scoreLimit: number | null;
  readonly isOpenToScore: boolean;
}

export interface Passage {
  readonly chunkId: string;
  readonly documentTitle: string;
  readonly collectionName: string;
  readonly page: number | null;
  readonly text: string;
}
