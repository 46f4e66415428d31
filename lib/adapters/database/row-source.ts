import type { PoolClient } from "pg";
import { AppError } from "../../core/errors/app-error.ts";
import type {
  DatabaseSnapshot,
  OriginalReference,
  RowTexts,
  ShapeStep,
  TableShape,
} from "../../ports/backup.ts";
import type { DatabaseConnection } from "./connection.ts";

/** The record of steps is made by the steps themselves. */
export const stepsTable = "applied_migrations";
const rowsAtOnce = 200;

/** How values are written as text, the same on every server. */
const textForm = `SET LOCAL TimeZone = 'UTC'; SET LOCAL DateStyle = 'ISO'; SET LOCAL IntervalStyle = 'postgres';
  SET LOCAL extra_float_digits = 1; SET LOCAL bytea_output = 'hex'`;

export const inTextForm = (client: PoolClient): Promise<unknown> => client.query(textForm);

export const quoted = (name: string): string => `"${name.replaceAll('"', '""')}"`;

interface ForeignKey {
  readonly from: string;
  readonly to: string;
}

/** Drover's own tables: those of its schema that belong to no extension. */
export async function tablesOf(client: PoolClient): Promise<readonly TableShape[]> {
  const { rows } = await client.query<{ name: string; columns: string[] }>(
    `SELECT c.relname AS name, array_agg(a.attname::text ORDER BY a.attnum) AS columns
     FROM pg_class c JOIN pg_attribute a ON a.attrelid = c.oid AND a.attnum > 0 AND NOT a.attisdropped AND a.attgenerated = ''
     WHERE c.relnamespace = current_schema()::regnamespace AND c.relkind = 'r'
       AND NOT EXISTS (SELECT 1 FROM pg_depend d WHERE d.objid = c.oid AND d.deptype = 'e')
     GROUP BY c.relname ORDER BY c.relname`,
  );
  const { rows: keys } = await client.query<ForeignKey>(
    `SELECT f.relname AS "from", t.relname AS "to" FROM pg_constraint k
     JOIN pg_class f ON f.oid = k.conrelid JOIN pg_class t ON t.oid = k.confrelid
     WHERE k.contype = 'f' AND f.relnamespace = current_schema()::regnamespace`,
  );
  return inOrder(
    rows.filter(({ name }) => name !== stepsTable),
    keys,
  );
}

/** Each table after those that its foreign keys name. */
function inOrder(tables: readonly TableShape[], keys: readonly ForeignKey[]): TableShape[] {
  const placed: TableShape[] = [];
  let waiting = [...tables];
  while (waiting.length > 0) {
    const isReady = ({ name }: TableShape): boolean =>
      keys.every(
        ({ from, to }) => from !== name || to === name || placed.some((done) => done.name === to),
      );
    const ready = waiting.filter(isReady);
    if (ready.length === 0) throw new Error("These tables point to each other in a circle.");
    placed.push(...ready);
    waiting = waiting.filter((table) => !ready.includes(table));
  }
  return placed;
}

export async function* rowsOfTable(
  client: PoolClient,
  { name, columns }: TableShape,
  signal: AbortSignal,
): AsyncGenerator<readonly RowTexts[]> {
  const list = columns.map((column) => `${quoted(column)}::text`).join(", ");
  await client.query(
    `DECLARE drover_rows NO SCROLL CURSOR FOR SELECT ${list} FROM ${quoted(name)}`,
  );
  try {
    for (;;) {
      signal.throwIfAborted();
      const { rows } = await client.query<(string | null)[]>({
        text: `FETCH ${String(rowsAtOnce)} FROM drover_rows`,
        rowMode: "array",
      });
      if (rows.length === 0) return;
      yield rows;
    }
  } finally {
    await client.query("CLOSE drover_rows").catch(() => undefined);
  }
}

/**
 * Reads a database as it is now, whatever others write meanwhile. On the embedded database that holds everyone up: read a copy of
 * it instead (embedded-control.ts).
 * @throws AppError `not_found` when there is no Drover in it.
 */
export async function openDatabaseSnapshot(
  connection: DatabaseConnection,
): Promise<DatabaseSnapshot> {
  const client = await connection.pool.connect();
  try {
    const { rows } = await client.query(`SELECT to_regclass('${stepsTable}') AS found`);
    if ((rows[0] as { found: string | null }).found === null) throw new AppError("not_found", {});
    await client.query("BEGIN ISOLATION LEVEL REPEATABLE READ READ ONLY");
    await inTextForm(client);
    await client.query("SELECT 1"); // the moment that all of it is of
  } catch (error) {
    client.release(true);
    throw error;
  }
  return {
    steps: async () =>
      (await client.query<ShapeStep>(`SELECT tag, hash FROM ${stepsTable} ORDER BY position`)).rows,
    tables: () => tablesOf(client),
    rows: (table, signal) => rowsOfTable(client, table, signal),
    originals: async () => (await client.query<OriginalReference>(originalsQuery)).rows,
    close: () => {
      client.release(true);
      return Promise.resolve();
    },
  };
}

const originalsQuery = `
  SELECT key, max(sha256) AS sha256, bool_or(live) AS "isLive" FROM (
    SELECT file_key AS key, content_hash AS sha256, deleted_at IS NULL AS live FROM documents
    UNION ALL
    SELECT replacement ->> 'fileKey', replacement ->> 'contentHash', deleted_at IS NULL FROM documents
    WHERE replacement IS NOT NULL) files
  GROUP BY key ORDER BY key`;
