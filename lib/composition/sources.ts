import { createSourceStore } from "../adapters/database/source-store.ts";
import type { Database } from "../adapters/database/typed-database.ts";
import { createFolderFiles } from "../adapters/sources/folder-files.ts";
import { createWebPages } from "../adapters/sources/web-page.ts";
import type { Config } from "../config.ts";
import type { Settings } from "../core/settings/settings.ts";
import type { AuditLog } from "../ports/audit-log.ts";
import type { Clock } from "../ports/clock.ts";
import { createFollowSources, type FollowSources } from "../services/follow-sources.ts";
import type { Documents } from "./documents.ts";

export interface SourcesDeps {
  readonly db: Database;
  readonly clock: Clock;
  readonly audit: AuditLog;
  readonly settings: { readonly current: () => Settings };
  readonly documents: Pick<Documents, "upload" | "replace" | "store">;
}

const megabyte = 1_000_000;

/** Folders and web pages that collections are kept in step with. */
export function composeSources(
  { db, clock, audit, settings, documents }: SourcesDeps,
  { syncFolders }: Pick<Config, "syncFolders">,
): FollowSources {
  return createFollowSources({
    ...{ clock, audit },
    store: createSourceStore({ database: db }),
    settings: () => settings.current().sources,
    upload: documents.upload,
    replace: documents.replace,
    documents: documents.store,
    readers: {
      folder: createFolderFiles({ roots: syncFolders }),
      web: createWebPages({
        allowed: () => settings.current().sources.hosts,
        limitBytes: () => settings.current().documents.largestFileMegabytes * megabyte,
      }),
    },
  });
}
