import type { Clock } from "../ports/clock.ts";
import type { FileStore } from "../ports/file-store.ts";
import type { IngestStore } from "../ports/ingest-store.ts";

export interface PurgeDeps {
  readonly store: Pick<
    IngestStore,
    "purge" | "forget" | "strayFiles" | "refreshPlanner" | "expire" | "rescue"
  >;
  readonly files: Pick<FileStore, "remove" | "keysBefore">;
  readonly clock: Clock;
  /** Ends what took its files along, before they are cleared away. */
  readonly retire?: (() => Promise<void>) | undefined;
}

const rowsPerStep = 200;
const documentsPerStep = 50;
const mostSteps = 200;
const strayCheckEveryMs = 3_600_000;
/** No upload takes longer, so a file of this age without a document belongs to a process that died in between. */
const strayAgeMs = 3_600_000;

/** Lets go what is over its time, takes up what lies without a job, and removes what readers can no longer see: rows in small steps, then the file, and the document's row last of all. */
export function createPurgeDocuments(deps: PurgeDeps) {
  const { store, files, clock } = deps;
  let checkedAt: number | null = null;

  const purge = async (signal: AbortSignal): Promise<void> => {
    for (let step = 0; step < mostSteps && !signal.aborted; step += 1) {
      const { gone, more } = await store.purge(rowsPerStep);
      for (const { documentId, fileKey } of gone) {
        await files.remove(fileKey);
        await store.forget(documentId);
      }
      if (!more) return;
    }
  };

  const removeStrays = async (): Promise<void> => {
    if (checkedAt !== null && clock.now() - checkedAt < strayCheckEveryMs) return;
    checkedAt = clock.now();
    const keys = await files.keysBefore(new Date(clock.wallTime().getTime() - strayAgeMs));
    for (const key of await store.strayFiles(keys)) await files.remove(key);
  };

  return async (signal: AbortSignal): Promise<void> => {
    await deps.retire?.();
    await store.rescue();
    await store.expire(documentsPerStep);
    await purge(signal);
    await store.refreshPlanner();
    await removeStrays();
  };
}
