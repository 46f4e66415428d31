import type { Actor } from "../core/access/actor.ts";
import type { AnswerSnapshot } from "../core/chat/events.ts";
import type { EntrySource, LookupCount } from "./answer-cache-store.ts";

export interface CacheHour {
  readonly hour: Date;
  readonly result: LookupCount["result"];
  readonly reason: string;
  readonly lookups: number;
  readonly savedMs: number;
  readonly savedTokens: number;
}

export interface CacheTotals {
  readonly entries: number;
  readonly bytes: number;
  readonly curated: number;
  readonly prewarmed: number;
  readonly aliases: number;
}

export interface CacheEntrySummary {
  readonly id: string;
  /** `null`: one person's own words, which admins do not read (docs/decisions/2026-11-27-words-of-kept-questions.md). */
  readonly question: string | null;
  readonly source: EntrySource;
  /** Titles of the documents that it cites. */
  readonly documents: readonly string[];
  readonly wordings: number;
  readonly hits: number;
  readonly lastHitAt: Date | null;
  readonly createdAt: Date;
}

export interface CacheEntryDetail extends CacheEntrySummary {
  /** Without its sentences when `question` is `null`. */
  readonly answer: AnswerSnapshot;
  /** Other wordings that were proven to ask the same; `question` as above. */
  readonly aliases: readonly {
    readonly question: string | null;
    readonly by: string;
    readonly cosine: number | null;
    readonly createdAt: Date;
  }[];
  /** Corpus generation of each collection, as the entry has it and now; `null`: the collection is gone. */
  readonly generations: readonly {
    readonly collectionName: string;
    readonly made: number;
    readonly now: number | null;
  }[];
  readonly costMs: number;
  readonly costTokens: number;
}

/** The answer cache of the actor's workspace, for admins: every method throws AppError `forbidden` for others. */
export interface CacheOverviewStore {
  hours(actor: Actor, since: Date): Promise<readonly CacheHour[]>;
  totals(actor: Actor): Promise<CacheTotals>;
  /** Newest first. @param text part of a question that is shown, in any case; empty = all */
  entries(
    actor: Actor,
    text: string,
    page: { readonly offset: number; readonly limit: number },
  ): Promise<readonly CacheEntrySummary[]>;
  /** Throws `not_found`. */
  entry(actor: Actor, id: string): Promise<CacheEntryDetail>;
  /** Throws `not_found`. */
  remove(actor: Actor, id: string): Promise<void>;
  /** Removes what cites a passage of the collection; returns how many. Curated answers stay. Throws `not_found`. */
  clear(actor: Actor, collectionId: string): Promise<number>;
}
