import type { DatabaseConnection } from "../adapters/database/connection.ts";
import { createEmbeddedSnapshots } from "../adapters/database/embedded-snapshots.ts";
import type { Report } from "../adapters/system/log.ts";
import type { Settings } from "../core/settings/settings.ts";
import type { Clock } from "../ports/clock.ts";
import { createScheduledSnapshots } from "../services/scheduled-snapshots.ts";

/** The loop that makes snapshots of the embedded database; a Postgres is its operator's to back up. */
export function snapshotLoops(
  connection: DatabaseConnection,
  deps: {
    readonly dataDir: string;
    readonly settings: () => Settings;
    readonly clock: Clock;
    readonly report: Report;
  },
): readonly ((signal: AbortSignal) => Promise<void>)[] {
  if (connection.engine !== "pglite") return [];
  const shelf = createEmbeddedSnapshots({
    databaseUrl: connection.url,
    dataDir: deps.dataDir,
  });
  const { clock } = deps;
  return [
    createScheduledSnapshots({
      shelf,
      clock,
      settings: () => deps.settings().snapshots,
      onFault: (error) => {
        deps.report(error, "snapshots");
      },
    }),
  ];
}
