import type { Actor } from "../core/access/actor.ts";

/** A passage that looks as if it spoke to a model instead of a reader. */
export interface FlaggedPassage {
  readonly chunkId: string;
  readonly documentId: string;
  readonly versionId: string;
  readonly title: string;
  readonly collectionName: string;
  readonly page: number | null;
  readonly charStart: number;
  readonly charEnd: number;
  readonly text: string;
  /** What it looks like (core/rag/injection-signs.ts). */
  readonly signs: readonly string[];
}

export interface FlaggedPassages {
  /** The newest documents first, at most `limit`, among what the actor may read and what is found now. */
  list(
    actor: Actor,
    limit: number,
  ): Promise<{ readonly passages: readonly FlaggedPassage[]; readonly total: number }>;
}
