import { AppError } from "../core/errors/app-error.ts";
import type { Actor } from "../core/access/actor.ts";
import type { Settings } from "../core/settings/settings.ts";
import type { AuditLog } from "../ports/audit-log.ts";
import type { Clock } from "../ports/clock.ts";
import type { SourceReader } from "../ports/source-reader.ts";
import type { NewSource, SourceKind, SourceStore, SyncedSource } from "../ports/source-store.ts";
import { createSyncSource, type SyncSourceDeps } from "./sync-source.ts";

export interface FollowSourcesDeps extends Omit<SyncSourceDeps, "store"> {
  readonly store: SourceStore;
  readonly readers: Readonly<Record<SourceKind, SourceReader>>;
  readonly settings: () => Settings["sources"];
  readonly clock: Pick<Clock, "sleep">;
  readonly audit: AuditLog;
}

/** Folders and pages that collections are kept in step with. */
export interface FollowSources extends Pick<SourceStore, "list" | "remove"> {
  /** @throws AppError `source_refused` with a sentence, also when an admin has not allowed this kind. */
  add(
    actor: Actor,
    collectionId: string,
    source: NewSource,
    signal: AbortSignal,
  ): Promise<SyncedSource>;
  /** @throws AppError `source_refused` when an admin has not allowed this kind. */
  request(actor: Actor, sourceId: string): Promise<void>;
  run(signal: AbortSignal): Promise<void>;
}

const lookEveryMs = 15_000;

export function createFollowSources(deps: FollowSourcesDeps): FollowSources {
  const { store, audit } = deps;
  const sync = createSyncSource(deps);
  const allowedKinds = (): readonly SourceKind[] => {
    const { folders, webPages } = deps.settings();
    return [...(folders ? (["folder"] as const) : []), ...(webPages ? (["web"] as const) : [])];
  };
  const runDue = async (signal: AbortSignal): Promise<void> => {
    const kinds = allowedKinds();
    for (;;) {
      const due = kinds.length === 0 || signal.aborted ? null : await store.takeDue(kinds);
      if (due === null) return;
      const { failed, added, changed, unchanged, gone, skipped } = await sync(due, signal);
      const { userId: actorId, workspaceId } = due.actor;
      const isNews = failed || added + changed + gone > 0;
      const detail = { failed, added, changed, unchanged, gone, skipped };
      if (isNews)
        await audit.record({
          actorId,
          workspaceId,
          action: "source.sync",
          target: due.source.id,
          detail,
        });
    }
  };
  return {
    list: (...asked) => store.list(...asked),
    remove: (...asked) => store.remove(...asked),
    request: (...asked) => store.request(...asked),
    async add(actor, collectionId, source, signal) {
      await store.list(actor, collectionId); // rights first
      if (!allowedKinds().includes(source.kind)) {
        const reason =
          "This is off. An admin can allow it in the settings, under Followed sources.";
        throw new AppError("source_refused", { reason });
      }
      await deps.readers[source.kind].check(source.location, signal);
      return store.add(actor, collectionId, source);
    },
    async run(signal) {
      while (!signal.aborted) {
        await runDue(signal);
        await deps.clock.sleep(lookEveryMs, signal);
      }
    },
  };
}
