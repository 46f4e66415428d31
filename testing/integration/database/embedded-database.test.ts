import { mkdtemp, readdir, rm, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import pg from "pg";
import { afterAll, beforeAll, describe, expect, it } from "vitest";
import { embeddedState, writeEmbeddedImage } from "#lib/adapters/database/embedded-control.ts";
import { startProgram } from "#testing/services/child-program.ts";
import {
  databaseProgram,
  fillDataFolder,
  startEmbeddedDatabase,
} from "#testing/services/test-database.ts";

let folder: string;
let url: string;
let stop: () => Promise<void>;
let pool: pg.Pool;
let dataDir: string;

beforeAll(async () => {
  folder = await mkdtemp(join(tmpdir(), "drover database "));
  dataDir = join(folder, "data");
  const database = await startEmbeddedDatabase(dataDir);
  url = database.url;
  stop = database.program.stop;
  pool = new pg.Pool({ connectionString: url, max: 8 });
  await pool.query("CREATE TABLE counters (id int PRIMARY KEY, value int NOT NULL)");
  await pool.query("INSERT INTO counters VALUES (1, 0)");
});
afterAll(async () => {
  await pool.end();
  await stop();
  expect((await readdir(dataDir)).filter((name) => name.includes("lock"))).toEqual([]);
  await rm(folder, { recursive: true, force: true });
});

const valueNow = async (): Promise<number | undefined> =>
  (await pool.query<{ value: number }>("SELECT value FROM counters WHERE id = 1")).rows[0]?.value;

async function rawClient(): Promise<pg.Client> {
  const client = new pg.Client({ connectionString: url });
  client.on("error", () => undefined);
  await client.connect();
  return client;
}

/** Ends the connection as a killed process would: without a word. */
const cutConnection = (client: pg.Client): void => {
  const { connection } = client as unknown as { connection: { stream: { destroy(): void } } };
  connection.stream.destroy();
};

describe("the embedded database", () => {
  it("gives every client its own answers, also when large statements arrive in pieces", async () => {
    const text = "y".repeat(2_000_000);
    const answers = await Promise.all(
      Array.from({ length: 60 }, (_, index) =>
        pool.query<{ index: number; length: number }>(
          "SELECT $2::int AS index, length($1::text) AS length",
          [index % 3 === 0 ? text.slice(index) : "", index],
        ),
      ),
    );
    answers.forEach(({ rows }, index) => {
      expect(rows).toEqual([{ index, length: index % 3 === 0 ? text.length - index : 0 }]);
    });
  });

  it("keeps transactions apart", async () => {
    await pool.query("UPDATE counters SET value = 0");
    const increment = async (): Promise<void> => {
      const client = await pool.connect();
      try {
        await client.query("BEGIN");
        const { rows } = await client.query<{ value: number }>("SELECT value FROM counters");
        await client.query("UPDATE counters SET value = $1", [(rows[0]?.value ?? 0) + 1]);
        await client.query("COMMIT");
      } finally {
        client.release();
      }
    };
    await Promise.all(Array.from({ length: 40 }, increment));
    expect(await valueNow()).toBe(40);
  });

  it("keeps statements that clients prepared under one name apart, and forgets them with their client", async () => {
    const [one, other] = [await rawClient(), await rawClient()];
    const ask = async (client: pg.Client, text: string, value: number) =>
      (await client.query<{ n: number }>({ name: "same", text, values: [value] })).rows[0]?.n;
    const prepared = async () =>
      (await pool.query<{ name: string }>("SELECT name FROM pg_prepared_statements")).rows.length;
    for (const value of [1, 2]) {
      expect(await ask(one, "SELECT $1::int + 10 AS n", value)).toBe(value + 10);
      expect(await ask(other, "SELECT $1::int + 20 AS n", value)).toBe(value + 20);
    }
    expect(await prepared()).toBe(2);
    cutConnection(one);
    await other.end();
    await expect.poll(prepared).toBe(0);
  });

  it("rolls back when a client vanishes inside a transaction, and serves the others", async () => {
    await pool.query("UPDATE counters SET value = 7");
    const client = await rawClient();
    await client.query("BEGIN");
    await client.query("UPDATE counters SET value = -1");
    const waiting = valueNow();
    cutConnection(client);
    expect(await waiting).toBe(7);
  });

  it("goes on after errors in and outside of transactions", async () => {
    await expect(pool.query("SELECT 1 / 0")).rejects.toMatchObject({ code: "22012" });
    await expect(pool.query("SELECT $1::int", ["x"])).rejects.toMatchObject({ code: "22P02" });
    const client = await rawClient();
    await client.query("BEGIN");
    await expect(client.query("SELECT no_such_column")).rejects.toMatchObject({ code: "42703" });
    await expect(client.query("SELECT 1")).rejects.toMatchObject({ code: "25P02" });
    await client.query("ROLLBACK");
    await client.end();
    expect(await valueNow()).toEqual(expect.any(Number));
  });

  it("turns a client away in Postgres' own words when too many are connected", async () => {
    const clients = await Promise.allSettled(Array.from({ length: 60 }, rawClient));
    const refused = clients.filter((outcome) => outcome.status === "rejected");
    expect(refused.length).toBeGreaterThanOrEqual(20);
    expect(refused[0]?.reason).toMatchObject({ code: "53300" });
    for (const outcome of clients) if (outcome.status === "fulfilled") await outcome.value.end();
    expect(await valueNow()).toEqual(expect.any(Number));
  });

  it("is closed to 100 second openers at once, and no row is lost", async () => {
    const write = async (): Promise<void> => {
      for (let id = 100; id < 200; id += 1) {
        await pool.query("INSERT INTO counters VALUES ($1, $1)", [id]);
      }
    };
    const open = async (): Promise<unknown> => {
      const second = await startProgram([databaseProgram, "--data", dataDir]);
      await second.kill();
      return second.firstLine;
    };
    const [, ...outcomes] = await Promise.all([write(), ...Array.from({ length: 100 }, open)]);
    for (const outcome of outcomes) {
      expect(outcome).toMatchObject({
        ready: false,
        reason: expect.stringContaining("is open in process") as unknown,
      });
    }
    const { rows } = await pool.query("SELECT count(*)::int AS n FROM counters WHERE id >= 100");
    expect(rows).toEqual([{ n: 100 }]);
  }, 90_000);

  it("tells its state", async () => {
    expect(await embeddedState(url)).toMatchObject({ pid: expect.any(Number) as unknown });
  });

  it("says what is wrong when it cannot be copied, and goes on", async () => {
    const before = await valueNow();
    await writeFile(join(folder, "file"), "");
    await expect(writeEmbeddedImage(url, join(folder, "file", "copy"))).rejects.toMatchObject({
      details: { reason: expect.stringContaining("could not be copied") as unknown },
    });
    expect(await valueNow()).toBe(before);
  });

  it("ends with whoever started it", async () => {
    await fillDataFolder(join(folder, "second"));
    const second = await startEmbeddedDatabase(join(folder, "second"));
    const ended = new Promise((resolve) => second.program.child.once("close", resolve));
    second.program.child.stdin?.end();
    expect(await ended).toBe(0);
  });
});
