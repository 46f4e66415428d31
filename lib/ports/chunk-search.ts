import type { Actor } from "../core/access/actor.ts";

export interface ScopedQuery {
  /** Empty = every collection the actor may read. Collections the actor may not read are left out in SQL. */
  readonly collectionIds: readonly string[];
}

export interface FoundChunk {
  readonly chunkId: string;
  readonly documentId: string;
  readonly versionId: string;
  readonly documentTitle: string;
  readonly collectionId: string;
  readonly collectionName: string;
  readonly ordinal: number;
  readonly headingPath: readonly string[];
  readonly page: number | null;
  readonly charStart: number;
  readonly charEnd: number;
  readonly text: string;
  readonly contentHash: string;
}

/** Candidates of both legs over published chunks that the actor may read; the adapter decides the shape in its own file. */
export interface RankedChunk extends FoundChunk {
  /** Exact BM25 (k1 1.2, b .75), >= 0. */
  readonly lexicalScore: number;
  /** Cosine of question and chunk, -1 to 1. `null` when no vector was asked with. */
  readonly cosine: number | null;
  /** Fused score, 0 to 1. */
  readonly score: number;
}
