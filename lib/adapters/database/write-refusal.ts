import type { PoolClient } from "pg";
import { quoted, stepsTable, tablesOf } from "./row-source.ts";

/** Any number but that of the migrations; the same for every replica. */
const holdKey = 7_266_338;
const name = "drover_write_hold";
const writersPatienceMs = 30_000;
const readersPatienceMs = 2_000;

/**
 * For the transaction that has begun: an operator's limits are for the questions of an app, and this waits for others, builds whole
 * indexes, and asks nothing while the app ends. Not every Postgres has all of them.
 */
export const withoutTimeLimits = `SELECT set_config(name, '0', true) FROM pg_settings
  WHERE name IN ('statement_timeout', 'idle_in_transaction_session_timeout', 'transaction_timeout')`;

/**
 * Lets every table ask, before a statement changes it, whether somebody holds everyone from writing. Those who hold a lock that ends
 * with their transaction, so nobody has to clear up after a program that dies; the question alone costs microseconds.
 */
export async function prepareRefusal(client: PoolClient): Promise<void> {
  await client.query(
    `CREATE OR REPLACE FUNCTION ${name}() RETURNS trigger LANGUAGE plpgsql AS $$
     BEGIN
       IF NOT pg_try_advisory_xact_lock_shared(${String(holdKey)}) THEN
         RAISE EXCEPTION 'a backup takes the place of this data' USING ERRCODE = 'read_only_sql_transaction';
       END IF;
       RETURN NULL;
     END $$`,
  );
  for (const table of await everyTable(client))
    await withPatience(
      client,
      writersPatienceMs,
      `CREATE OR REPLACE TRIGGER ${name} BEFORE INSERT OR UPDATE OR DELETE OR TRUNCATE ON ${table}
       FOR EACH STATEMENT EXECUTE FUNCTION ${name}()`,
    );
}

/**
 * Until the transaction that `client` has begun ends, whoever else writes gets 25006 (read_only_sql_transaction), as on the held
 * embedded database; transactions that write already end first.
 */
export async function refuseWrites(client: PoolClient): Promise<void> {
  await client.query(`SET LOCAL lock_timeout = ${String(writersPatienceMs)}`);
  await client.query("SELECT pg_advisory_xact_lock($1)", [holdKey]);
  await client.query("SET LOCAL lock_timeout TO DEFAULT");
}

/** What stays behind because somebody reads a table for long asks on, and nobody answers. */
export async function removeRefusal(client: PoolClient): Promise<void> {
  for (const table of await everyTable(client))
    await withPatience(client, readersPatienceMs, `DROP TRIGGER IF EXISTS ${name} ON ${table}`);
  await client.query(`DROP FUNCTION IF EXISTS ${name}()`);
}

const everyTable = async (client: PoolClient): Promise<readonly string[]> =>
  [...(await tablesOf(client)).map((table) => table.name), stepsTable].map(quoted);

/** Sent as one they are a transaction of their own, and what is set ends with it, also behind a pooler. */
const withPatience = (client: PoolClient, ms: number, statement: string): Promise<unknown> =>
  client.query(`SET LOCAL lock_timeout = ${String(ms)}; ${withoutTimeLimits}; ${statement}`);
