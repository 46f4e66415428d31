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
}

/** The published text of a document, for the source viewer. */
export interface DocumentText {
  readonly documentId: string;
  readonly versionId: string;
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
