import type { PGlite } from "@electric-sql/pglite";
import type { WireServer } from "./wire-server.ts";

const everyMs = 60_000;

/** The engine has no background workers, so nothing else removes dead rows or refreshes the planner's figures. */
export function startHousekeeping(engine: PGlite, wire: WireServer): { readonly stop: () => void } {
  let running = false;
  const timer = setInterval(() => {
    if (running) return;
    running = true;
    tidy(engine, wire)
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
