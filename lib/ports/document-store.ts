import type { Actor } from "../core/access/actor.ts";

export type DocumentStatus = "queued" | "processing" | "ready" | "failed" | "cancelled";
export type IngestStage = "waiting" | "reading" | "chunking" | "embedding" | "publishing";

export interface DocumentSummary {
  readonly id: string;
  readonly collectionId: string;
  readonly collectionName: string;
  readonly title: string;
  readonly fileName: string;
  readonly mediaType: string;
  readonly bytes: number;
  readonly status: DocumentStatus;
  readonly stage: IngestStage;
  readonly progressDone: number;
  readonly progressTotal: number;
  readonly pageCount: number | null;
  readonly chunkCount: number;
  readonly failure: { readonly code: string; readonly reason: string } | null;
  readonly warnings: readonly string[];
  /** A new version is on its way; the published one is found until then. */
  readonly isUpdating: boolean;
  /** The folder or page that it is kept in step with; `null` for uploads. */
  readonly sourceId: string | null;
  readonly createdBy: string;
  readonly createdAt: Date;
  readonly updatedAt: Date;
}

export interface NewDocument {
  readonly collectionId: string;
  readonly title: string;
  readonly fileName: string;
  readonly mediaType: string;
  readonly bytes: number;
  readonly contentHash: string;
  readonly fileKey: string;
  readonly source?: { readonly sourceId: string; readonly path: string };
}

export type NewFile = Pick<
  NewDocument,
  "fileName" | "mediaType" | "bytes" | "contentHash" | "fileKey"
>;

/** Bytes that count against what an admin allows. */
export interface DocumentUsage {
  readonly personBytes: number;
  readonly workspaceBytes: number;
}

/** A published text of a document, for the source viewer. */
export interface DocumentText {
  readonly documentId: string;
  readonly versionId: string;
  /** Not one that was replaced since and is kept for the answers that cite it. */
  readonly isCurrent: boolean;
  readonly title: string;
  readonly fileName: string;
  readonly mediaType: string;
  readonly collectionId: string;
  readonly collectionName: string;
  readonly text: string;
  readonly pages: readonly (readonly [number, number])[];
  readonly headings: readonly {
    readonly level: number;
    readonly start: number;
    readonly end: number;
  }[];
}

/** Documents as people see them. Every call filters by the actor in SQL and throws `not_found` for what is absent or not theirs. */
export interface DocumentStore {
  list(
    actor: Actor,
    filter: { readonly collectionId?: string },
  ): Promise<readonly DocumentSummary[]>;
  get(actor: Actor, documentId: string): Promise<DocumentSummary>;
  /** Needs `write`. Returns the existing document when the collection already holds the same content. */
  create(
    actor: Actor,
    document: NewDocument,
  ): Promise<{ readonly document: DocumentSummary; readonly duplicate: boolean }>;
  /**
   * Needs `write`. The file takes the place of the old one once it has been read; until then, and when it cannot be
   * read, the old version stays. `unchanged`: it has the same content. Throws `conflict` when another document has it.
   */
  replace(
    actor: Actor,
    documentId: string,
    file: NewFile,
  ): Promise<{ readonly document: DocumentSummary; readonly unchanged: boolean }>;
  usage(actor: Actor): Promise<DocumentUsage>;
  /** Needs `write`. Not findable from the moment this returns. */
  remove(actor: Actor, documentId: string): Promise<void>;
  /** Needs `write`. A failed or cancelled document waits again. */
  requeue(actor: Actor, documentId: string): Promise<DocumentSummary>;
  /** Needs `write`. */
  cancel(actor: Actor, documentId: string): Promise<void>;
  text(actor: Actor, documentId: string, versionId?: string): Promise<DocumentText>;
  /** Needs `read`. */
  original(
    actor: Actor,
    documentId: string,
  ): Promise<{ readonly fileKey: string; readonly fileName: string; readonly mediaType: string }>;
}
