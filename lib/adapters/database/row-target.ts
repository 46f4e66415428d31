import type { PoolClient } from "pg";
import { AppError } from "../../core/errors/app-error.ts";
import type { RowTarget, RowTexts, TableShape, Tally } from "../../ports/backup.ts";
import type { DatabaseConnection } from "./connection.ts";
import { applyStepsOf, installVector } from "./migrate.ts";
import { inTextForm, quoted, rowsOfTable, stepsTable, tablesOf } from "./row-source.ts";

export interface RowTargetDeps {
  readonly connection: DatabaseConnection;
  readonly migrationsDir: string;
  readonly createTally: () => Tally;
}

type Replace = RowTarget["replace"];

/** Everything in one transaction: a program that dies on the way has changed nothing. */
export function createRowTarget(deps: RowTargetDeps): RowTarget {
  const { pool } = deps.connection;
  const replace: Replace = async (source, expected, onTable, signal) => {
    const steps = await source.steps();
    const client = await pool.connect();
    try {
      await installVector(client);
      await client.query("BEGIN");
      await inTextForm(client);
      await dropEverything(client);
      await applyStepsOf(client, deps.migrationsDir, steps);
      await fill(client, deps.createTally, [source, expected, onTable, signal]);
      await client.query("COMMIT");
      client.release();
    } catch (error) {
      client.release(true); // the server takes back what was begun
      throw error;
    }
  };
  return {
    existing: async () => {
      const client = await pool.connect();
      try {
        return (await tablesOf(client)).map(({ name }) => name);
      } finally {
        client.release();
      }
    },
    others: async () => {
      const { rows } = await pool.query<{ n: number }>(
        `SELECT count(*)::int AS n FROM pg_stat_activity
         WHERE datname = current_database() AND application_name = 'drover' AND pid <> pg_backend_pid()`,
      );
      return rows[0]?.n ?? 0;
    },
    replace,
  };
}

async function dropEverything(client: PoolClient): Promise<void> {
  const names = (await tablesOf(client)).map(({ name }) => quoted(name));
  for (const name of [...names, stepsTable])
    await client.query(`DROP TABLE IF EXISTS ${name} CASCADE`);
  const { rows } = await client.query<{ name: string }>(
    `SELECT p.oid::regprocedure::text AS name FROM pg_proc p
     WHERE p.pronamespace = current_schema()::regnamespace
       AND NOT EXISTS (SELECT 1 FROM pg_depend d WHERE d.objid = p.oid AND d.deptype = 'e')`,
  );
  for (const { name } of rows) await client.query(`DROP FUNCTION ${name} CASCADE`);
}

async function fill(
  client: PoolClient,
  createTally: () => Tally,
  [source, expected, onTable, signal]: Parameters<Replace>,
): Promise<void> {
  const indexes = await takeIndexesAway(client);
  const own = new Map((await tablesOf(client)).map((table) => [table.name, table]));
  for (const table of await source.tables()) {
    if (!own.has(table.name)) throw new AppError("backup_damaged", { what: table.name });
    const written = createTally();
    const insert = await insertionInto(client, table);
    for await (const rows of source.rows(table, signal)) {
      await insert(rows);
      for (const row of rows) written.add(row);
    }
    await compare(client, table, [written, createTally()], expected(table.name));
    onTable(table.name, written.total().rows);
  }
  for (const definition of indexes) await client.query(definition);
  await moveSequences(client);
}

async function compare(
  client: PoolClient,
  table: TableShape,
  [written, found]: readonly [Tally, Tally],
  expected: { readonly rows: number; readonly digest: string } | null,
): Promise<void> {
  for await (const rows of rowsOfTable(client, table, AbortSignal.any([])))
    for (const row of rows) found.add(row);
  const { rows, digest } = found.total();
  for (const other of [written.total(), expected ?? written.total()])
    if (other.rows !== rows || other.digest !== digest)
      throw new AppError("backup_damaged", { what: table.name });
}

/** An index is built in a fraction of the time when the rows are there already. */
async function takeIndexesAway(client: PoolClient): Promise<readonly string[]> {
  const { rows } = await client.query<{ name: string; definition: string }>(
    `SELECT i.indexrelid::regclass::text AS name, pg_get_indexdef(i.indexrelid) AS definition
     FROM pg_index i JOIN pg_class c ON c.oid = i.indrelid
     WHERE c.relnamespace = current_schema()::regnamespace AND c.relkind = 'r' AND NOT i.indisunique
       AND NOT EXISTS (SELECT 1 FROM pg_constraint k WHERE k.conindid = i.indexrelid)`,
  );
  for (const { name } of rows) await client.query(`DROP INDEX ${name}`);
  return rows.map(({ definition }) => definition);
}

async function insertionInto(
  client: PoolClient,
  { name, columns }: TableShape,
): Promise<(rows: readonly RowTexts[]) => Promise<void>> {
  const { rows: found } = await client.query<{ column: string; type: string }>(
    `SELECT attname::text AS column, format_type(atttypid, atttypmod) AS type FROM pg_attribute
     WHERE attrelid = $1::regclass AND attnum > 0 AND NOT attisdropped`,
    [quoted(name)],
  );
  const types = new Map(found.map(({ column, type }) => [column, type]));
  const casts = columns.map((column, index) => {
    const type = types.get(column);
    if (type === undefined) throw new AppError("backup_damaged", { what: `${name}.${column}` });
    return `c${String(index)}::${type}`;
  });
  const inputs = columns.map((_, index) => `$${String(index + 1)}::text[]`).join(", ");
  const aliases = columns.map((_, index) => `c${String(index)}`).join(", ");
  const text = `INSERT INTO ${quoted(name)} (${columns.map(quoted).join(", ")})
    SELECT ${casts.join(", ")} FROM unnest(${inputs}) AS given(${aliases})`;
  return async (rows) => {
    const values = columns.map((_, index) => rows.map((row) => row[index] ?? null));
    await client.query({ name: `fill ${name}`, text, values });
  };
}

async function moveSequences(client: PoolClient): Promise<void> {
  const { rows } = await client.query<{ sequence: string; table: string; column: string }>(
    `SELECT s.oid::regclass::text AS sequence, t.oid::regclass::text AS table, quote_ident(a.attname) AS column
     FROM pg_class s JOIN pg_depend d ON d.objid = s.oid AND d.deptype IN ('a', 'i')
     JOIN pg_class t ON t.oid = d.refobjid JOIN pg_attribute a ON a.attrelid = t.oid AND a.attnum = d.refobjsubid
     WHERE s.relkind = 'S' AND t.relnamespace = current_schema()::regnamespace`,
  );
  for (const { sequence, table, column } of rows)
    await client.query(
      `SELECT setval($1::regclass, coalesce((SELECT max(${column}) FROM ${table}), 0) + 1, false)`,
      [sequence],
    );
}
