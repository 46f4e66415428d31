import { mkdtemp, rm } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { PGlite } from "@electric-sql/pglite";
import pg from "pg";
import { afterAll, beforeAll, describe, expect, it } from "vitest";
import { databaseUrlOf } from "../../../embedded/database/address.ts";
import { startWireServer, type WireServer } from "../../../embedded/database/wire-server.ts";

const idleTransactionMs = 1_000;
let folder: string;
let engine: PGlite;
let server: WireServer;

beforeAll(async () => {
  folder = await mkdtemp(join(tmpdir(), "drover-silent-"));
  engine = await PGlite.create();
  await engine.exec("CREATE TABLE counters (value int NOT NULL); INSERT INTO counters VALUES (0)");
  const socketPath = join(folder, ".s.PGSQL.5432");
  server = await startWireServer({ engine, socketPath, maxConnections: 4, idleTransactionMs });
});
afterAll(async () => {
  await server.close();
  await engine.close();
  await rm(folder, { recursive: true, force: true });
});

interface Client extends pg.Client {
  readonly failed: Promise<unknown>;
}

async function connect(): Promise<Client> {
  const client = new pg.Client({ connectionString: databaseUrlOf(folder) });
  const failed = new Promise((resolve) => client.on("error", resolve));
  await client.connect();
  return Object.assign(client, { failed });
}

const valueFor = async (client: pg.Client): Promise<number | undefined> =>
  (await client.query<{ value: number }>("SELECT value FROM counters")).rows[0]?.value;

describe("a transaction in which the client falls silent", () => {
  it("is rolled back and its connection ended, and whoever waited for it goes on", async () => {
    const silent = await connect();
    const other = await connect();
    await silent.query("BEGIN");
    await silent.query("UPDATE counters SET value = value + 1");
    expect(await valueFor(other)).toBe(0);
    expect(await silent.failed).toMatchObject({ code: "25P03" });
    await other.end();
  });

  it("may last as long as it talks", async () => {
    const talking = await connect();
    const until = performance.now() + 1.5 * idleTransactionMs;
    await talking.query("BEGIN");
    await talking.query("UPDATE counters SET value = value + 1");
    while (performance.now() < until) await valueFor(talking);
    await talking.query("COMMIT");
    expect(await valueFor(talking)).toBe(1);
    await talking.end();
  });
});
