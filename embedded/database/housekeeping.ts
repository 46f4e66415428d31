import type { PGlite } from "@electric-sql/pglite";
import type { OneAtATime } from "./one-at-a-time.ts";
import type { WireServer } from "./wire-server.ts";

const everyMs = 60_000;
/** Of write-ahead log: what opening reads again after the process was killed. */
const checkpointAfterBytes = 64 * 1024 * 1024;

/** The engine has no background workers: nothing else removes dead rows, refreshes the planner's figures or shortens the log. */
export function startHousekeeping(
  engine: PGlite,
  wire: WireServer,
  upkeep: OneAtATime,
): { readonly stop: () => void } {
  let running = false;
  const timer = setInterval(() => {
    if (running) return;
    running = true;
    tidy(engine, wire)
      .then(() => upkeep(() => shortenLog(engine, wire)))
      .catch((error: unknown) => {
        process.stderr.write(`housekeeping: ${String(error)}\n`);
      })
      .finally(() => {
        running = false;
      });
  }, everyMs);
  timer.unref();
  return {
    stop: () => {
      clearInterval(timer);
    },
  };
}

interface DirtyTable {
  readonly name: string;
}

/** The limits are autovacuum's own (PostgreSQL documentation, 24.1.6): 50 rows and a fifth of the table, a tenth for figures. */
export async function tidy(engine: PGlite, wire: Pick<WireServer, "exclusively">): Promise<void> {
  let dirty: readonly DirtyTable[] = [];
  await wire.exclusively(async () => {
    await engine.exec("SELECT pg_stat_force_next_flush()"); // the engine counts, but does not publish by itself
    const found = await engine.query<DirtyTable>(
      `SELECT format('%I.%I', schemaname, relname) AS name FROM pg_stat_user_tables
       WHERE n_dead_tup > 50 + 0.2 * n_live_tup OR n_mod_since_analyze > 50 + 0.1 * n_live_tup
       ORDER BY n_dead_tup DESC`,
    );
    dirty = found.rows;
  });
  // One table a turn: a person's question waits for one of them at most.
  for (const { name } of dirty) {
    await wire.exclusively(async () => {
      await engine.exec(`VACUUM (ANALYZE) ${name}`);
    });
  }
}

/** A checkpoint holds everyone up for as long as 32 MB of pages take to write; the log would grow for ever without it. */
export async function shortenLog(
  engine: PGlite,
  wire: Pick<WireServer, "exclusively">,
  afterBytes: number = checkpointAfterBytes,
): Promise<void> {
  await wire.exclusively(async () => {
    const { rows } = await engine.query<{ bytes: number }>(
      `SELECT (pg_current_wal_lsn() - redo_lsn)::float8 AS bytes FROM pg_control_checkpoint()`,
    );
    if ((rows[0]?.bytes ?? 0) > afterBytes) await engine.exec("CHECKPOINT");
  });
}
