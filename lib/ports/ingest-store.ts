import type { EmbeddingSpace } from "./chunk-search.ts";
import type { IngestStage } from "./document-store.ts";

/** The job under which an ingest writes. A worker that lost its lease writes nothing more. */
export interface IngestFence {
  readonly jobId: string;
  readonly attempt: number;
}

export interface IngestSource {
  readonly documentId: string;
  readonly collectionId: string;
  readonly title: string;
  readonly fileName: string;
  readonly fileKey: string;
  /** Of its collection: a text-search configuration or `auto`. */
  readonly language: string;
}

export interface IngestProgress {
  readonly stage: IngestStage;
  readonly done: number;
  readonly total: number;
  /** Shown while the document waits for something, e.g. a node. */
  readonly note?: string;
}

export interface NewVersion {
  readonly documentId: string;
  readonly text: string;
  readonly pages: readonly (readonly [number, number])[];
  readonly headings: readonly {
    readonly level: number;
    readonly start: number;
    readonly end: number;
  }[];
  /** Text-search configuration for its words. */
  readonly language: string;
  /** `[start, end)` of every chunk to come, in order. */
  readonly ranges: readonly (readonly [number, number])[];
}

export interface NewChunk {
  readonly ordinal: number;
  readonly headingPath: readonly string[];
  readonly page: number | null;
  readonly charStart: number;
  readonly charEnd: number;
  readonly text: string;
  /** What the lexical leg sees: headings, text, parts of identifiers. */
  readonly searchText: string;
  /** Why it looks like instructions to a model. */
  readonly flags: readonly string[];
  readonly vector: readonly number[];
}

export interface Publication {
  readonly documentId: string;
  readonly versionId: string;
  /** Title found in the document; `null` keeps the file's. */
  readonly title: string | null;
  readonly pageCount: number | null;
  readonly chunkCount: number;
  readonly warnings: readonly string[];
}

/** The background side of documents: no actor, one job at a time, everything fenced by the job's attempt. */
export interface IngestStore {
  /** Marks the document as processing; `null` when nothing is to be done any more (deleted, cancelled, already published). */
  begin(documentId: string, fence: IngestFence): Promise<IngestSource | null>;
  /** `false` when the fence no longer holds. */
  report(documentId: string, progress: IngestProgress, fence: IngestFence): Promise<boolean>;
  /**
   * The unpublished version to write into, and how many of its chunks are stored already. A half version of an
   * earlier attempt is continued when text and ranges are the same, else removed. `null` when the fence no longer holds.
   */
  openVersion(
    version: NewVersion,
    fence: IngestFence,
  ): Promise<{ readonly versionId: string; readonly storedChunks: number } | null>;
  /** At most 50 at a time, in order. `false` when the fence no longer holds. */
  addChunks(
    versionId: string,
    chunks: readonly NewChunk[],
    space: EmbeddingSpace,
    fence: IngestFence,
  ): Promise<boolean>;
  /**
   * Makes the version the one that readers see: one short transaction with all counts and the corpus generation.
   * `incomplete`: chunks are missing or of mixed embedding spaces, so the version was thrown away. `lost`: fence or document gone.
   */
  publish(
    publication: Publication,
    fence: IngestFence,
  ): Promise<"published" | "incomplete" | "lost">;
  /** Ends the document as failed; unpublished rows are removed. */
  fail(
    documentId: string,
    failure: { readonly code: string; readonly reason: string },
    fence: IngestFence,
  ): Promise<boolean>;
  /**
   * Removes at most `limit` chunks that no reader sees any more: of deleted documents and collections, of replaced and
   * abandoned versions. `gone`: deleted documents of which only the file and the row are left.
   */
  purge(limit: number): Promise<{
    readonly gone: readonly { readonly documentId: string; readonly fileKey: string }[];
    readonly more: boolean;
  }>;
  /** Removes documents whose collection keeps them no longer; at most `limit`. Returns how many. */
  expire(limit: number): Promise<number>;
  /** Queues documents that wait or run without a job: whatever cut them off, they never wait for ever. Returns how many. */
  rescue(): Promise<number>;
  /** Queues ready documents that were embedded in another space, at low priority; the old version stays until the new one is there. */
  queueStale(space: EmbeddingSpace, limit: number): Promise<number>;
  /** Of these file keys, those that no document has. */
  strayFiles(fileKeys: readonly string[]): Promise<readonly string[]>;
  /** Lets the query planner count again after the corpus has grown or shrunk much; cheap when it has not. */
  refreshPlanner(): Promise<void>;
  /** Forgets a purged document for good, once its file is gone. */
  forget(documentId: string): Promise<void>;
}
