import { join } from "node:path";
import pg from "pg";
import { afterAll, afterEach, beforeAll, beforeEach, describe, expect, it } from "vitest";
import { createRowTally } from "#lib/adapters/backup/row-tally.ts";
import { type DatabaseConnection, openDatabase } from "#lib/adapters/database/connection.ts";
import { migrateDatabase } from "#lib/adapters/database/migrate.ts";
import { openDatabaseSnapshot } from "#lib/adapters/database/row-source.ts";
import { createRowTarget } from "#lib/adapters/database/row-target.ts";
import type { DatabaseSnapshot } from "#lib/ports/backup.ts";
import { type PostgresServer, startPostgres } from "#testing/services/postgres.ts";
import { contentsOf } from "../backup/filled-data.ts";

const migrationsDir = join(import.meta.dirname, "../../../drizzle/migrations");
const readOnly = "25006";

let server: PostgresServer;
const opened: DatabaseConnection[] = [];
let made = 0;

let url: string;
let source: DatabaseSnapshot;
let target: ReturnType<typeof createRowTarget>;
/** People who use the database that is replaced. */
let people: pg.Client;

const shape = { migrationsDir, snapshotDir: "" };
const urlOf = (database: string): string => server.url.replace("/postgres?", `/${database}?`);

async function open(at: string, applicationName: string): Promise<DatabaseConnection> {
  const connection = await openDatabase({ url: at, maxConnections: 2, applicationName });
  opened.push(connection);
  return connection;
}

async function connect(at: string, name: string): Promise<pg.Client> {
  const client = new pg.Client({ connectionString: at, application_name: name });
  client.on("error", () => undefined);
  await client.connect();
  return client;
}

async function onServer(statement: string): Promise<void> {
  const client = await connect(server.url, "a test");
  await client.query(statement);
  await client.end();
}

async function makeDrover(database: string): Promise<void> {
  await onServer(`CREATE DATABASE ${database}`);
  const connection = await openDatabase({ url: urlOf(database), maxConnections: 1 });
  await migrateDatabase(connection, shape);
  await connection.pool.query(
    "INSERT INTO workspaces (name) SELECT $1 || g FROM generate_series(1, 300) g",
    [database],
  );
  await connection.pool.query("INSERT INTO audit_log (action) VALUES ($1)", [database]);
  await connection.close();
}

const codeOf = (query: Promise<unknown>): Promise<string | null> =>
  query.then(
    () => null,
    (error: unknown) => (error as { readonly code: string }).code,
  );
const write = (action: string) =>
  codeOf(people.query("INSERT INTO audit_log (action) VALUES ($1)", [action]));
const named = async (): Promise<string[]> => {
  const { rows } = await people.query<{ name: string }>(
    "SELECT DISTINCT left(name, 3) AS name FROM workspaces",
  );
  return rows.map(({ name }) => name);
};
async function openTarget(): Promise<void> {
  const connection = await open(url, "drover command");
  target = createRowTarget({ connection, migrationsDir, createTally: createRowTally });
}
const replace = (whenFilled?: () => Promise<void>) =>
  target.replace(
    source,
    () => null,
    () => undefined,
    AbortSignal.any([]),
    whenFilled,
  );
const schemas = async () => {
  const { rows } = await people.query<{ name: string }>(
    "SELECT nspname AS name FROM pg_namespace WHERE nspname LIKE 'drover%'",
  );
  return rows;
};

beforeAll(async () => {
  server = await startPostgres();
  await makeDrover("new");
  await makeDrover("old");
}, 60_000);
afterAll(() => server.close());
beforeEach(async () => {
  made += 1;
  await onServer(`CREATE DATABASE present_${String(made)} TEMPLATE old`);
  url = urlOf(`present_${String(made)}`);
  source = await openDatabaseSnapshot(await open(urlOf("new"), "a test"));
  await openTarget();
  people = await connect(url, "people");
});
afterEach(async () => {
  await people.end();
  await source.close();
  for (const each of opened.splice(0)) await each.close();
});

describe("a Postgres that is replaced while people use it", { timeout: 60_000 }, () => {
  it("is read all the while, written by nobody, and in the end is what was filled in, to every row and index", async () => {
    const seen: unknown[] = [];
    await replace(async () => {
      seen.push(
        await named(),
        await write("meanwhile"),
        await codeOf(people.query("TRUNCATE settings")),
      );
    });
    expect(seen).toEqual([["old"], readOnly, readOnly]);
    expect(await named()).toEqual(["new"]);
    expect(await write("after")).toBe(null);
    await people.query("DELETE FROM workspaces WHERE name = 'new7'");
    expect(await schemas()).toEqual([]);
  });

  it("equals the database that the rows came from", async () => {
    await replace(() => Promise.resolve());
    const from = await connect(urlOf("new"), "a test");
    const [expected, found] = [await contentsOf(from), await contentsOf(people)];
    expect(found).toEqual(expected);
    const links =
      "SELECT conrelid::regclass::text, pg_get_constraintdef(oid) FROM pg_constraint WHERE contype = 'f' ORDER BY 1, 2";
    const triggers =
      "SELECT tgrelid::regclass::text, pg_get_triggerdef(oid) FROM pg_trigger WHERE NOT tgisinternal ORDER BY 1, 2";
    for (const text of [links, triggers]) {
      const own = await people.query(text);
      expect(own.rows).toEqual((await from.query(text)).rows);
    }
    await from.end();
    expect(await codeOf(people.query("DELETE FROM audit_log"))).not.toBe(null); // still only ever added to
  });

  it("stays as it was, and is written again, when its turn does not come", async () => {
    const before = await contentsOf(people);
    await expect(replace(() => Promise.reject(new Error("no")))).rejects.toThrow("no");
    expect(await contentsOf(people)).toEqual(before);
    expect(await write("after")).toBe(null);
    const { rows } = await people.query(
      "SELECT tgname FROM pg_trigger WHERE tgname LIKE 'drover%'",
    );
    expect([rows, await schemas()]).toEqual([[], []]);
  });

  it("waits for what is being written, and says no to what comes after it", async () => {
    await people.query("BEGIN");
    expect(await write("before")).toBe(null);
    const late = await connect(url, "late");
    const replaced = replace(async () => {
      expect(await codeOf(late.query("INSERT INTO audit_log (action) VALUES ('late')"))).toBe(
        readOnly,
      );
    });
    const blocked =
      "SELECT count(*)::int AS n FROM pg_stat_activity WHERE wait_event_type = 'Lock'";
    await expect.poll(async () => (await late.query<{ n: number }>(blocked)).rows[0]?.n).toBe(1);
    await people.query("COMMIT");
    await replaced;
    await late.end();
    expect(await named()).toEqual(["new"]);
  });

  it("is not cut short by the limits that an operator has set for the questions of an app", async () => {
    const limits = [
      "statement_timeout",
      "idle_in_transaction_session_timeout",
      "transaction_timeout",
    ];
    for (const limit of limits)
      await onServer(`ALTER DATABASE present_${String(made)} SET ${limit} = '700ms'`);
    await openTarget();
    await people.query("BEGIN");
    expect(await write("before")).toBe(null);
    const written = people.query("SELECT pg_sleep(1)").then(() => people.query("COMMIT"));
    await replace(async () => {
      await people.query("SELECT pg_sleep(1)"); // the app takes its time to end
    });
    await written;
    expect(await named()).toEqual(["new"]);
  });

  it("stays as it was when the connection is lost while the app ends", async () => {
    const lost = replace(async () => {
      const end =
        "SELECT pg_terminate_backend(pid, 5000) FROM pg_stat_activity WHERE datname = current_database() AND application_name = 'drover command' AND state = 'idle in transaction'";
      expect((await people.query(end)).rowCount).toBe(1);
      await people.query("SELECT 1"); // after what the other was told
    });
    await expect(lost).rejects.toMatchObject({
      code: "database_unavailable",
      details: { reason: expect.stringContaining("terminating connection") as string },
    });
    expect([await named(), await write("after")]).toEqual([["old"], null]);
  });

  it("says what to do when others do not let go", async () => {
    await onServer(`ALTER DATABASE present_${String(made)} SET lock_timeout = '100ms'`);
    await openTarget();
    await people.query("SELECT pg_advisory_lock(7266337)"); // as one does that brings the data up to date for long
    await expect(replace(() => Promise.resolve())).rejects.toMatchObject({
      code: "database_unavailable",
      details: { reason: expect.stringContaining("SELECT * FROM pg_stat_activity") as string },
    });
    expect(await named()).toEqual(["old"]);
  });

  it("lets a Drover that starts meanwhile wait, and look at the new data only", async () => {
    let steps: Promise<readonly string[]> | undefined;
    let found: unknown;
    await replace(async () => {
      const starting = await open(url, "drover");
      steps = migrateDatabase(starting, shape);
      const waits =
        "SELECT count(*)::int AS n FROM pg_stat_activity WHERE application_name = 'drover' AND wait_event = 'advisory'";
      await expect.poll(async () => (await people.query<{ n: number }>(waits)).rows[0]?.n).toBe(1);
      found = await target.others();
    });
    expect(await steps).toEqual([]);
    const looked = await opened
      .at(-1)
      ?.pool.query("SELECT count(*)::int AS n FROM workspaces WHERE name LIKE 'new%'");
    expect(looked?.rows).toEqual([{ n: 300 }]);
    expect(found).toBe(0);
  });

  it("says what a role lacks that may not make a schema", async () => {
    await people.query("CREATE ROLE plain LOGIN; GRANT ALL ON SCHEMA public TO plain");
    const { rows } = await people.query<{ own: string }>(
      "SELECT format('ALTER TABLE %I OWNER TO plain', tablename) AS own FROM pg_tables WHERE schemaname = 'public'",
    );
    for (const { own } of rows) await people.query(own);
    const asPlain = new URL(url);
    asPlain.username = "plain";
    const connection = await open(asPlain.href, "drover command");
    const limited = createRowTarget({ connection, migrationsDir, createTally: createRowTally });
    const refused = limited.replace(
      source,
      () => null,
      () => undefined,
      AbortSignal.any([]),
      () => Promise.resolve(),
    );
    await expect(refused).rejects.toMatchObject({
      code: "database_unavailable",
      details: { reason: expect.stringContaining("GRANT CREATE ON DATABASE") as string },
    });
    expect(await named()).toEqual(["old"]);
  });
});
