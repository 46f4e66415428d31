import type { Pool, PoolClient } from "pg";
import { AppError } from "../../core/errors/app-error.ts";
import { codeProperty } from "../../core/errors/error-code-of.ts";
import type { RowSource, RowTarget, RowTexts, TableShape, Tally } from "../../ports/backup.ts";
import type { DatabaseConnection } from "./connection.ts";
import { applyStepsOf, holdStarts, installVector } from "./migrate.ts";
import { countPresent } from "./process-presence.ts";
import { inTextForm, quoted, rowsOfTable, tablesOf } from "./row-source.ts";
import { dropEverything, openSchemaBeside } from "./schema-exchange.ts";
import { prepareRefusal, refuseWrites, removeRefusal, withoutTimeLimits } from "./write-refusal.ts";

export interface RowTargetDeps {
  readonly connection: DatabaseConnection;
  readonly migrationsDir: string;
  readonly createTally: () => Tally;
}

type Replace = RowTarget["replace"];
type Filling = readonly [
  source: RowSource,
  expected: Parameters<Replace>[1],
  onTable: Parameters<Replace>[2],
  signal: AbortSignal,
];

/** Everything in one transaction: a program that dies on the way has changed nothing. */
export function createRowTarget(deps: RowTargetDeps): RowTarget {
  const { pool } = deps.connection;
  return {
    existing: () =>
      withClient(pool, async (client) => (await tablesOf(client)).map(({ name }) => name)),
    others: () => connectedOthers(pool),
    alive: () => countPresent(deps.connection.db),
    replace: (...asked) => replaceAll(deps, asked),
  };
}

async function withClient<T>(pool: Pool, work: (client: PoolClient) => Promise<T>): Promise<T> {
  const client = await pool.connect();
  try {
    return await work(client);
  } finally {
    client.release();
  }
}

/** Those that wait to look at the shape of the data have read nothing of it yet. */
async function connectedOthers(pool: Pool): Promise<number> {
  const { rows } = await pool.query<{ n: number }>(
    `SELECT count(*)::int AS n FROM pg_stat_activity
     WHERE datname = current_database() AND application_name = 'drover' AND pid <> pg_backend_pid()
       AND wait_event IS DISTINCT FROM 'advisory'`,
  );
  return rows[0]?.n ?? 0;
}

async function replaceAll(
  deps: RowTargetDeps,
  [source, expected, onTable, signal, whenFilled]: Parameters<Replace>,
): Promise<void> {
  const steps = await source.steps();
  const client = await deps.connection.pool.connect();
  let isInUse = false;
  try {
    await installVector(client);
    const isEmpty = (await tablesOf(client)).length === 0;
    isInUse = whenFilled !== undefined && !isEmpty;
    if (isInUse) await prepareRefusal(client);
    await client.query("BEGIN");
    await client.query(withoutTimeLimits);
    await inTextForm(client);
    if (isInUse) await refuseWrites(client);
    const beside = isEmpty ? null : await openSchemaBeside(client);
    if (beside === null) await dropEverything(client);
    await applyStepsOf(client, deps.migrationsDir, steps, beside?.schema);
    await fill(client, deps.createTally, [source, expected, onTable, signal]);
    await holdStarts(client);
    if (whenFilled !== undefined) await whileConnected(client, whenFilled);
    await beside?.exchange();
    signal.throwIfAborted();
    await client.query("COMMIT");
    client.release();
  } catch (error) {
    client.release(true); // the server takes back what was begun
    if (isInUse) await withClient(deps.connection.pool, removeRefusal).catch(() => undefined);
    throw isLockedOut(error) ? lockedOut(error) : error;
  }
}

/** Postgres' lock_not_available, after as long as was to be waited for, and deadlock_detected. */
const isLockedOut = (error: unknown): boolean => /^(55P03|40P01)$/.test(codeProperty(error));

function lockedOut(cause: unknown): AppError<"database_unavailable"> {
  const reason =
    "tables of Drover are kept locked: SELECT * FROM pg_stat_activity shows by whom; end that, or wait where Drover builds an index, then try again";
  return new AppError("database_unavailable", { reason }, { cause });
}

/** @throws AppError `database_unavailable` when the connection, which is asked nothing meanwhile, was lost. */
async function whileConnected(client: PoolClient, work: () => Promise<void>): Promise<void> {
  const losses: Error[] = [];
  client.on("error", (error) => losses.push(error)); // it stays: one that nobody listens to ends the process
  await work();
  const [cause] = losses;
  if (cause !== undefined)
    throw new AppError("database_unavailable", { reason: cause.message }, { cause });
}

async function fill(
  client: PoolClient,
  createTally: () => Tally,
  [source, expected, onTable, signal]: Filling,
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
