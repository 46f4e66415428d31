import { isAppError } from "../core/errors/app-error.ts";
import { milliseconds } from "../core/time/milliseconds.ts";
import type { LocalModels } from "../local-models.ts";
import type { Clock } from "../ports/clock.ts";
import type { IngestStore } from "../ports/ingest-store.ts";

export interface ReindexDeps {
  readonly store: Pick<IngestStore, "queueStale">;
  readonly models: Pick<LocalModels, "embed">;
  readonly clock: Clock;
}

const checkEveryMs = 600_000;
const embedDeadlineMs = 30_000;
const documentsPerStep = 50;

/**
 * Queues documents whose vectors come from another embedder than the one in use, some at a time: each is read again
 * beside its old version and switched at the end. Without a node there is nothing to compare with, so it looks again later.
 */
export function createReindexStale(deps: ReindexDeps): (signal: AbortSignal) => Promise<void> {
  const { store, models, clock } = deps;
  let checkedAt: number | null = null;
  return async (signal) => {
    if (checkedAt !== null && clock.now() - checkedAt < checkEveryMs) return;
    try {
      const { space } = await models.embed(["which embedder is in use"], {
        class: "ingest",
        client: "reindex",
        deadline: milliseconds(clock.now() + embedDeadlineMs),
        signal,
      });
      const queued = await store.queueStale(space, documentsPerStep);
      // While there are more, the next sweep goes on: it runs when these are read.
      checkedAt = queued === documentsPerStep ? null : clock.now();
    } catch (error) {
      signal.throwIfAborted();
      if (!isAppError(error)) throw error;
      checkedAt = clock.now();
    }
  };
}
