import { sql, type SQL } from "drizzle-orm";
import type { Database } from "./typed-database.ts";

/** The database, or a transaction in it. */
export type SqlRunner = Pick<Database, "execute">;
export type SqlDatabase = Pick<Database, "execute" | "transaction">;

export async function rowsOf<R extends Record<string, unknown>>(
  runner: SqlRunner,
  query: SQL,
): Promise<R[]> {
  return (await runner.execute<R>(query)).rows as R[];
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
