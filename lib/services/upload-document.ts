import type { Actor } from "../core/access/actor.ts";
import { AppError } from "../core/errors/app-error.ts";
import type { CollectionStore } from "../ports/collection-store.ts";
import type { DocumentParser } from "../ports/document-parser.ts";
import type { DocumentStore, DocumentSummary } from "../ports/document-store.ts";
import type { FileStore } from "../ports/file-store.ts";

export interface Upload {
  readonly collectionId: string;
  /** As the person's machine calls it: data, never a path. */
  readonly fileName: string;
  readonly content: AsyncIterable<Uint8Array>;
}

export interface UploadDeps {
  readonly collections: Pick<CollectionStore, "get">;
  readonly documents: Pick<DocumentStore, "create">;
  readonly files: FileStore;
  readonly parser: Pick<DocumentParser, "detect">;
  /** Tells the workers that there is something to do. */
  readonly onQueued: () => void;
}

export type UploadDocument = (
  actor: Actor,
  upload: Upload,
  signal: AbortSignal,
) => Promise<{ readonly document: DocumentSummary; readonly duplicate: boolean }>;

export const uploadLimitBytes = 50 * 1024 * 1024;

/** The name without folders and without its extension, as a title until the document says its own. */
function titleOf(fileName: string): string {
  const name = fileName.split(/[/\\]/).at(-1) ?? fileName;
  const stem = name
    .replace(/\.[^.]{1,10}$/, "")
    .replaceAll(/[\s_]+/g, " ")
    .trim();
  return stem === "" ? name : stem;
}

/** Control characters and direction marks would let a name pretend to be another one. */
const shownName = (fileName: string): string =>
  fileName
    .replaceAll(/[\p{Cc}\p{Cf}\p{Cs}]/gu, "")
    .trim()
    .slice(0, 255);

/**
 * Stores a file and queues it for reading; both, or nothing.
 * @throws AppError `not_found`, `forbidden`, `payload_too_large`, `unsupported_type`, `document_encrypted`, `document_empty`
 */
export function createUploadDocument(deps: UploadDeps): UploadDocument {
  return async (actor, upload, signal) => {
    // Rights first: nobody fills the disk of a collection that is not theirs.
    const { right } = await deps.collections.get(actor, upload.collectionId);
    if (right === "read") throw new AppError("forbidden", {});
    const fileName = shownName(upload.fileName);
    const { key, bytes, sha256 } = await deps.files.put(upload.content, uploadLimitBytes, signal);
    try {
      const mediaType = await deps.parser.detect({ path: deps.files.path(key), fileName });
      const created = await deps.documents.create(actor, {
        collectionId: upload.collectionId,
        title: titleOf(fileName),
        fileName,
        mediaType,
        bytes,
        contentHash: sha256,
        fileKey: key,
      });
      if (created.duplicate) await deps.files.remove(key);
      deps.onQueued();
      return created;
    } catch (error) {
      await deps.files.remove(key);
      throw error;
    }
  };
}
