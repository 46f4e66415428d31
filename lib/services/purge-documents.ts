import type { FileStore } from "../ports/file-store.ts";
import type { IngestStore } from "../ports/ingest-store.ts";

export interface PurgeDeps {
  readonly store: Pick<IngestStore, "purge" | "forget">;
  readonly files: Pick<FileStore, "remove">;
}

const rowsPerStep = 200;
const mostSteps = 200;

/** Removes what readers can no longer see: rows in small steps, then the file, and the document's row last of all. */
export function createPurgeDocuments(deps: PurgeDeps) {
  return async (signal: AbortSignal): Promise<void> => {
    for (let step = 0; step < mostSteps && !signal.aborted; step += 1) {
      const { gone, more } = await deps.store.purge(rowsPerStep);
      for (const { documentId, fileKey } of gone) {
        await deps.files.remove(fileKey);
        await deps.store.forget(documentId);
      }
      if (!more) return;
    }
  };
}
