import { sql, type SQL } from "drizzle-orm";

export interface SqlRunner {
  // eslint-disable-next-line @typescript-eslint/no-unnecessary-type-parameters -- as drizzle has it
  execute<R extends Record<string, unknown>>(
    query: SQL,
  ): Promise<{ readonly rows: R[]; readonly rowCount: number | null }>;
}

/** What these stores need of drizzle on `pg`, whatever schema it was built with. */
export interface SqlDatabase extends SqlRunner {
  transaction<T>(work: (transaction: SqlRunner) => Promise<T>): Promise<T>;
}

export async function rowsOf<R extends Record<string, unknown>>(
  runner: SqlRunner,
  query: SQL,
): Promise<R[]> {
  return (await runner.execute<R>(query)).rows;
}

export async function firstRow<R extends Record<string, unknown>>(
  runner: SqlRunner,
  query: SQL,
): Promise<R | undefined> {
  return (await runner.execute<R>(query)).rows[0];
}

export const changed = async (runner: SqlRunner, query: SQL): Promise<number> =>
  (await runner.execute(query)).rowCount ?? 0;

/** One array parameter: drizzle alone would spread an array into a list. */
export const uuids = (ids: readonly string[]): SQL => sql`${sql.param([...ids])}::uuid[]`;
export const texts = (values: readonly string[]): SQL => sql`${sql.param([...values])}::text[]`;
export const integers = (values: readonly (number | null)[]): SQL =>
  sql`${sql.param([...values])}::integer[]`;
export const json = (value: unknown): SQL => sql`${JSON.stringify(value)}::jsonb`;
