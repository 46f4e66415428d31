import type { Actor } from "../core/access/actor.ts";
import { AppError, isAppError } from "../core/errors/app-error.ts";
import type { Settings } from "../core/settings/settings.ts";
import type { CollectionStore } from "../ports/collection-store.ts";
import type { DocumentParser } from "../ports/document-parser.ts";
import type {
  DocumentStore,
  DocumentSummary,
  NewDocument,
  NewFile,
} from "../ports/document-store.ts";
import type { FileStore } from "../ports/file-store.ts";

export interface Upload {
  readonly collectionId: string;
  /** As the person's machine calls it: data, never a path. */
  readonly fileName: string;
  readonly content: AsyncIterable<Uint8Array>;
  /** The followed folder or page that it comes from. */
  readonly source?: NewDocument["source"];
}

export interface UploadDeps {
  readonly collections: Pick<CollectionStore, "get">;
  readonly documents: Pick<DocumentStore, "create" | "replace" | "get" | "usage">;
  readonly files: FileStore;
  readonly parser: Pick<DocumentParser, "detect">;
  readonly limits: () => Settings["documents"];
  /** Tells the workers that there is something to do. */
  readonly onQueued: () => void;
}

export type UploadDocument = (
  actor: Actor,
  upload: Upload,
  signal: AbortSignal,
) => Promise<{ readonly document: DocumentSummary; readonly duplicate: boolean }>;

export type ReplaceDocument = (
  actor: Actor,
  documentId: string,
  file: Pick<Upload, "fileName" | "content">,
  signal: AbortSignal,
) => Promise<{ readonly document: DocumentSummary; readonly unchanged: boolean }>;

const megabyte = 1_000_000;

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

/** Rights first: nobody fills the disk of a collection that is not theirs. */
async function requireWrite(deps: UploadDeps, actor: Actor, collectionId: string): Promise<void> {
  const { right } = await deps.collections.get(actor, collectionId);
  if (right === "read") throw new AppError("forbidden", {});
}

/** How many bytes this person may still add. Throws `quota_exceeded` when that is nothing. */
async function room(deps: UploadDeps, actor: Actor): Promise<number> {
  const { personMegabytes, workspaceMegabytes } = deps.limits();
  const { personBytes, workspaceBytes } = await deps.documents.usage(actor);
  const left = Math.min(
    personMegabytes * megabyte - personBytes,
    workspaceMegabytes * megabyte - workspaceBytes,
  );
  if (left <= 0) throw new AppError("quota_exceeded", {});
  return left;
}

/** Puts the file on disk and hands its description on; what is not `kept` then, leaves the disk again. */
async function withStoredFile<T>(
  deps: UploadDeps,
  actor: Actor,
  upload: Pick<Upload, "fileName" | "content">,
  signal: AbortSignal,
  record: (file: NewFile) => Promise<{ readonly result: T; readonly kept: boolean }>,
): Promise<T> {
  const fileName = shownName(upload.fileName);
  const left = await room(deps, actor);
  const largest = deps.limits().largestFileMegabytes * megabyte;
  const stored = await deps.files
    .put(upload.content, Math.min(left, largest), signal)
    .catch((error: unknown) => {
      const isQuota = left < largest && isAppError(error, "payload_too_large");
      throw isQuota ? new AppError("quota_exceeded", {}, { cause: error }) : error;
    });
  const { key: fileKey, bytes, sha256: contentHash } = stored;
  try {
    const mediaType = await deps.parser.detect({ path: deps.files.path(fileKey), fileName });
    const { result, kept } = await record({ fileKey, fileName, mediaType, bytes, contentHash });
    if (!kept) await deps.files.remove(fileKey);
    deps.onQueued();
    return result;
  } catch (error) {
    // A database that went away may have taken the row: then the file must be there. If not, it is cleared away as a stray.
    if (isAppError(error)) await deps.files.remove(fileKey);
    throw error;
  }
}

/**
 * Stores a file and queues it for reading; both, or nothing.
 * @throws AppError `not_found`, `forbidden`, `payload_too_large`, `quota_exceeded`, `unsupported_type`, `document_encrypted`, `document_empty`
 */
export function createUploadDocument(deps: UploadDeps): UploadDocument {
  return async (actor, upload, signal) => {
    await requireWrite(deps, actor, upload.collectionId);
    return withStoredFile(deps, actor, upload, signal, async (file) => {
      const created = await deps.documents.create(actor, {
        ...file,
        collectionId: upload.collectionId,
        title: titleOf(file.fileName),
        ...(upload.source === undefined ? {} : { source: upload.source }),
      });
      return { result: created, kept: !created.duplicate };
    });
  };
}

/**
 * Stores a file that takes the place of a document's once it has been read.
 * @throws AppError as `createUploadDocument`, and `conflict` when another document of the collection has the same content
 */
export function createReplaceDocument(deps: UploadDeps): ReplaceDocument {
  return async (actor, documentId, upload, signal) => {
    const { collectionId } = await deps.documents.get(actor, documentId);
    await requireWrite(deps, actor, collectionId);
    return withStoredFile(deps, actor, upload, signal, async (file) => {
      const replaced = await deps.documents.replace(actor, documentId, file);
      return { result: replaced, kept: !replaced.unchanged };
    });
  };
}
