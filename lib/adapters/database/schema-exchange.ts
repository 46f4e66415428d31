import type { PoolClient } from "pg";
import { AppError } from "../../core/errors/app-error.ts";
import { quoted, stepsTable, tablesOf } from "./row-source.ts";

const besideName = "drover_restored";
/** Nobody of Drover's is connected by then: whoever holds a table longer has forgotten it. */
const lockPatienceMs = 30_000;

export interface SchemaBeside {
  readonly schema: string;
  /** Drops what the first schema has of Drover and puts what was made beside it in its place. */
  readonly exchange: () => Promise<void>;
}

/**
 * From now on, within the transaction that `client` has begun, what is made is made in a schema beside the present one, so that people
 * can read all the while; nobody else sees it, and it is gone with the transaction.
 * @throws AppError `database_unavailable` when this role may not make one.
 */
export async function openSchemaBeside(client: PoolClient): Promise<SchemaBeside> {
  const { rows } = await client.query<{ schema: string }>(
    "SELECT extnamespace::regnamespace::text AS schema FROM pg_extension WHERE extname = 'vector'",
  );
  await createSchema(client);
  const path = [besideName, ...rows.map(({ schema }) => schema)].join(", ");
  await client.query(`SET LOCAL search_path TO ${path}`);
  return {
    schema: besideName,
    async exchange() {
      const moves = await movesOf(client);
      await client.query("SET LOCAL search_path TO DEFAULT");
      await client.query(`SET LOCAL lock_timeout = ${String(lockPatienceMs)}`);
      await dropEverything(client);
      const { rows: home } = await client.query<{ name: string }>(
        "SELECT current_schema()::regnamespace::text AS name",
      );
      for (const move of moves) await client.query(`${move} SET SCHEMA ${home[0]?.name ?? ""}`);
      await client.query(`DROP SCHEMA ${besideName}`);
    },
  };
}

async function createSchema(client: PoolClient): Promise<void> {
  try {
    await client.query(`CREATE SCHEMA ${besideName}`);
  } catch (error) {
    if ((error as { readonly code?: unknown }).code !== "42501") throw error;
    const reason =
      "Drover's role may not make a schema in it: run GRANT CREATE ON DATABASE for that role as the owner";
    throw new AppError("database_unavailable", { reason }, { cause: error });
  }
}

/** Indexes, constraints and numbering go with their table. */
async function movesOf(client: PoolClient): Promise<readonly string[]> {
  const tables = (await tablesOf(client)).map(({ name }) => name);
  const functions = (await functionsOf(client)).map((name) => `ALTER FUNCTION ${name}`);
  return [
    ...[...tables, stepsTable].map((name) => `ALTER TABLE ${besideName}.${quoted(name)}`),
    ...functions,
  ];
}

/** All that Drover has in the first schema of the search path. */
export async function dropEverything(client: PoolClient): Promise<void> {
  const names = (await tablesOf(client)).map(({ name }) => quoted(name));
  for (const name of [...names, stepsTable])
    await client.query(`DROP TABLE IF EXISTS ${name} CASCADE`);
  for (const name of await functionsOf(client)) await client.query(`DROP FUNCTION ${name} CASCADE`);
}

/** Those of the first schema that belong to no extension, with its name. */
async function functionsOf(client: PoolClient): Promise<readonly string[]> {
  const { rows } = await client.query<{ name: string }>(
    `SELECT format('%s.%I(%s)', p.pronamespace::regnamespace, p.proname, pg_get_function_identity_arguments(p.oid)) AS name FROM pg_proc p
     WHERE p.pronamespace = current_schema()::regnamespace
       AND NOT EXISTS (SELECT 1 FROM pg_depend d WHERE d.objid = p.oid AND d.deptype = 'e')`,
  );
  return rows.map(({ name }) => name);
}
