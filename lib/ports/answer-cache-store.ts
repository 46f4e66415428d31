import type { Actor } from "../core/access/actor.ts";
import type { CitedChunk, ProvenEntry, ServeSnapshot } from "../core/cache/hit-proof.ts";
import type { AnswerSnapshot } from "../core/chat/events.ts";
import type { Generations } from "../core/rag/corpus-state.ts";

export type EntrySource = "asked" | "prewarmed" | "curated";

export interface CachedAnswer extends ProvenEntry {
  readonly entryId: string;
  readonly question: string;
  readonly answer: AnswerSnapshot;
  /** Names the answer's words: an entry that was replaced has another. */
  readonly answerKey: string;
  /** What retrieval had found when it was made, best first. */
  readonly rankedChunkIds: readonly string[];
  readonly source: EntrySource;
  readonly createdAt: Date;
  /** What making it took. */
  readonly costMs: number;
  readonly costTokens: number;
}

/** Another wording's entry and how near the two questions are, -1 to 1. */
export interface NearAnswer {
  readonly entry: CachedAnswer;
  readonly cosine: number;
}

export interface NewAnswer {
  /** Text of everything beside the question that can change the answer (core/cache/answer-key.ts). */
  readonly scope: string;
  readonly question: string;
  readonly exactText: string;
  readonly form: string | null;
  /** The question's vector; `null` when none could be had. */
  readonly vector: readonly number[] | null;
  readonly answer: AnswerSnapshot;
  readonly cited: readonly CitedChunk[];
  readonly rankedChunkIds: readonly string[];
  /** As read before retrieval. */
  readonly generations: Generations;
  readonly source: EntrySource;
  readonly answerId: string;
  readonly costMs: number;
  readonly costTokens: number;
}

export interface RecallPlace {
  readonly scope: string;
  /** Of what admins wrote. */
  readonly vettedScope: string;
  /** Of the question, or of a wording proven equal. */
  readonly exactText: string;
  /** Of the question; `null` when it has none that compares. */
  readonly form: string | null;
  /** What a faster tier holds for this place: its words are not sent again when the entry is still this one. */
  readonly held: CachedAnswer | null;
}

export interface RecalledAnswer {
  readonly by: "exact" | "alias" | "vetted";
  readonly entry: CachedAnswer;
  readonly now: ServeSnapshot;
}

export interface Recollection {
  readonly generations: Generations;
  /** A file attached to a conversation is among what is asked. */
  readonly hasAttachment: boolean;
  /** By the wording itself or one proven equal; `null` when nothing lies there that may be given. */
  readonly own: RecalledAnswer | null;
  readonly vetted: RecalledAnswer | null;
  /** Another wording's entry has the question's form. */
  readonly hasForm: boolean;
}

/** Another wording's entry of the same form, and what one snapshot says of it. */
export interface FormAnswer extends NearAnswer {
  readonly by: "vetted" | "semantic";
  readonly now: ServeSnapshot;
}

export interface LookupCount {
  readonly result: "exact" | "alias" | "vetted" | "semantic" | "miss" | "bypassed";
  /** Why it was no hit; empty for hits. */
  readonly reason: string;
  readonly savedMs: number;
  readonly savedTokens: number;
}

/**
 * The answers that may be given again: the truth behind every tier. Look-ups never touch rows of another scope, since the scope's text
 * names what the asker may read.
 */
export interface AnswerCacheStore {
  /** Read before retrieval, it fences what is written after it. Empty `collectionIds` = all that the actor may read. */
  generations(actor: Actor, collectionIds: readonly string[]): Promise<Generations>;
  /**
   * What the scope is and, at a place in it, which entries lie there and what is to be known to prove them: all from one snapshot.
   * `at` is `null` while the caller does not know its scope yet.
   */
  recall(
    actor: Actor,
    collectionIds: readonly string[],
    at: RecallPlace | null,
  ): Promise<Recollection>;
  /** By the question's exact text, or by that of a wording proven equal. */
  find(
    scope: string,
    exactText: string,
  ): Promise<{ readonly by: "exact" | "alias"; readonly entry: CachedAnswer } | null>;
  /** `null` when it is gone. */
  load(entryId: string): Promise<CachedAnswer | null>;
  /** Entries of the scope whose question has this form or lies near, nearest first; none that was seen to have another answer than this wording. */
  near(
    scope: string,
    question: {
      readonly form: string | null;
      readonly vector: readonly number[];
      readonly exactText: string;
    },
    limit: number,
  ): Promise<readonly NearAnswer[]>;
  /** Entries at a place whose question has this form, an admin's first, then nearest first; none that `near` would leave out or that was called wrong. */
  ofForm(
    actor: Actor,
    collectionIds: readonly string[],
    at: Pick<RecallPlace, "scope" | "vettedScope" | "exactText"> & {
      readonly form: string;
      readonly vector: readonly number[];
    },
    limit: number,
  ): Promise<readonly FormAnswer[]>;
  /** What one snapshot of the database says of an entry, for this actor; `null` when the entry is gone, replaced or called wrong. */
  snapshot(
    actor: Actor,
    collectionIds: readonly string[],
    entry: CachedAnswer,
  ): Promise<ServeSnapshot | null>;
  /** Refuses when the corpus or what the actor may read has moved since `generations`, or when this answer was called wrong before, or when files attached to a conversation are asked. */
  put(
    actor: Actor,
    collectionIds: readonly string[],
    answer: NewAnswer,
  ): Promise<"kept" | "moved" | "called-wrong" | "private">;
  /** The entry was proven by a fresh ranking at these generations. */
  renew(entryId: string, generations: Generations): Promise<void>;
  /** Remembers which entry stands behind an answer, before the answer ends. */
  served(answerId: string, entryId: string): Promise<void>;
  /** Removes for everyone what the actor's own answer came from or became, and keeps it from coming back. Returns how many entries. */
  reject(actor: Actor, answerId: string): Promise<number>;
  /** Removes what was asked for longest ago until at most `mostBytes` of answers are left, and counts and servings of 90 days ago. Returns how many entries. */
  sweep(mostBytes: number): Promise<number>;
}
