import { readFile } from "node:fs/promises";
import { join } from "node:path";
import type { DatabaseFacts } from "../../ports/deployment-facts.ts";
import type { DatabaseConnection } from "./connection.ts";

/** Looks at a database without changing it. */
export async function readDatabaseFacts(
  { pool, engine }: DatabaseConnection,
  migrationsDir: string,
): Promise<DatabaseFacts> {
  const text = await readFile(join(migrationsDir, "meta/_journal.json"), "utf8");
  const { entries } = JSON.parse(text) as { readonly entries: readonly unknown[] };
  const { rows } = await pool.query<{
    readonly version: string;
    readonly vector: string | null;
    readonly has_steps: boolean;
  }>(`SELECT current_setting('server_version') AS version,
    coalesce((SELECT extversion FROM pg_extension WHERE extname = 'vector'),
      (SELECT default_version FROM pg_available_extensions WHERE name = 'vector')) AS vector,
    to_regclass('applied_migrations') IS NOT NULL AS has_steps`);
  const [row] = rows;
  if (row === undefined) throw new Error("the database answered without a row");
  const applied = row.has_steps
    ? await pool.query<{ readonly count: number }>(
        "SELECT count(*)::int AS count FROM applied_migrations",
      )
    : undefined;
  const count = applied?.rows[0]?.count ?? 0;
  return {
    engine,
    version: row.version.split(" ")[0] ?? "",
    vectorVersion: row.vector,
    missingSteps: entries.length - count,
    isEmpty: count === 0,
  };
}
