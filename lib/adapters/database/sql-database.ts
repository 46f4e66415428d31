import { createHash } from "node:crypto";
import { sql, type SQL } from "drizzle-orm";
import { PgDialect } from "drizzle-orm/pg-core";
import type { Database } from "./typed-database.ts";

/** The database, or a transaction in it. */
export type SqlRunner = Pick<Database, "execute">;
export type SqlDatabase = Pick<Database, "execute" | "transaction">;
/** One that can also prepare statements. */
export type PreparingDatabase = SqlDatabase & Pick<Database, "_">;

export async function rowsOf<R extends Record<string, unknown>>(
  runner: SqlRunner,
  query: SQL,
): Promise<R[]> {
  return (await runner.execute<R>(query)).rows as R[];
}

const dialect = new PgDialect();

/**
 * As `rowsOf`, for what is asked all the time and whose best plan does not depend on its values: each connection reads the statement
 * once, and after some times plans it once (the two small statements of a search in the embedded database: 2 ms instead of 5.7).
 */
export async function rowsOfPrepared<R extends Record<string, unknown>>(
  database: PreparingDatabase,
  query: SQL,
): Promise<R[]> {
  const asked = dialect.sqlToQuery(query);
  const name = createHash("sha1").update(asked.sql).digest("base64url");
  const prepared = database._.session.prepareQuery(asked, undefined, name, false);
  return ((await prepared.execute()) as { readonly rows: R[] }).rows;
}

export async function firstRow<R extends Record<string, unknown>>(
  runner: SqlRunner,
  query: SQL,
): Promise<R | undefined> {
  return (await rowsOf<R>(runner, query))[0];
}

export const changed = async (runner: SqlRunner, query: SQL): Promise<number> =>
  (await runner.execute(query)).rowCount ?? 0;

/** One array parameter: drizzle alone would spread an array into a list. */
export const uuids = (ids: readonly string[]): SQL => sql`${sql.param([...ids])}::uuid[]`;
export const texts = (values: readonly string[]): SQL => sql`${sql.param([...values])}::text[]`;
export const integers = (values: readonly (number | null)[]): SQL =>
  sql`${sql.param([...values])}::integer[]`;
export const json = (value: unknown): SQL => sql`${JSON.stringify(value)}::jsonb`;
