import type { Chunk } from "../core/rag/chunking.ts";
import type { EmbeddingSpace } from "./chunk-search.ts";

export interface LoadedDocument {
  /** Names it in results. */
  readonly fileName: string;
  readonly title: string;
  readonly text: string;
  /** Text-search configuration of its words. */
  readonly language: string;
  readonly chunks: readonly (Chunk & {
    readonly searchText: string;
    readonly vector: readonly number[];
  })[];
}

/**
 * Fills an empty database with documents that are published at once, many in a statement: for measuring, where nobody reads
 * along and nothing has to survive. People's documents go through `IngestStore`.
 */
export interface CorpusLoader {
  /** A workspace with one collection that its admin reads. */
  open(): Promise<{
    readonly collectionId: string;
    readonly workspaceId: string;
    readonly userId: string;
  }>;
  /** Ids of the documents, in order. */
  add(
    collectionId: string,
    documents: readonly LoadedDocument[],
    space: EmbeddingSpace,
  ): Promise<readonly string[]>;
  /** Counts the words of the collection and lets the query planner look; nothing is found well before. */
  finish(collectionId: string): Promise<void>;
}
