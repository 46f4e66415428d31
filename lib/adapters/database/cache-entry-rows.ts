import { sql } from "drizzle-orm";
import type { CitedChunk } from "../../core/cache/hit-proof.ts";
import type { AnswerSnapshot } from "../../core/chat/events.ts";
import type { Generations } from "../../core/rag/corpus-state.ts";
import type { CachedAnswer, EntrySource } from "../../ports/answer-cache-store.ts";

export type GenerationsJson = Readonly<Record<string, number>>;
export const toGenerations = (value: GenerationsJson): Generations =>
  new Map(Object.entries(value));

export interface EntryRow {
  readonly [column: string]: unknown;
  readonly id: string;
  readonly question: string;
  readonly answer: AnswerSnapshot;
  readonly answer_key: string;
  readonly cited: readonly CitedChunk[];
  readonly ranked_chunk_ids: readonly string[];
  readonly generations: GenerationsJson;
  readonly source: EntrySource;
  readonly created_at: Date | string;
  readonly cost_ms: number;
  readonly cost_tokens: number;
}

/** Of `cache_entries e`. */
export const entryColumns = sql`e.id, e.question, e.answer, e.answer_key, e.cited, e.ranked_chunk_ids, e.generations, e.source,
  e.created_at, e.cost_ms, e.cost_tokens`;

export const toEntry = (row: EntryRow): CachedAnswer => ({
  entryId: row.id,
  question: row.question,
  answer: row.answer,
  answerKey: row.answer_key,
  cited: row.cited,
  rankedChunkIds: row.ranked_chunk_ids,
  generations: toGenerations(row.generations),
  source: row.source,
  createdAt: new Date(row.created_at),
  costMs: row.cost_ms,
  costTokens: row.cost_tokens,
});

/** Of content hashes by chunk id; null: of none. */
export const toReadable = (readable: Readonly<Record<string, string>> | null) =>
  new Map(
    Object.entries(readable ?? {}).map(([id, contentHash]) => [id, { contentHash }] as const),
  );
