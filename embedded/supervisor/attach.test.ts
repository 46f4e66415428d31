import { mkdtemp, rm } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import pg from "pg";
import { afterEach, beforeEach, describe, expect, it } from "vitest";
import { fillDataFolder } from "#testing/services/test-database.ts";
import { parseConfig } from "../../lib/config.ts";
import { acquireLock, lockHolder } from "../database/exclusive-lock.mjs";
import { attachToDatabase } from "./attach.ts";
import { currentBootId, writeState } from "./state-file.ts";

let dataDir: string;

beforeEach(async () => {
  dataDir = await mkdtemp(join(tmpdir(), "drover attach "));
});
afterEach(async () => {
  await rm(dataDir, { recursive: true, force: true });
});

const configWith = (env: Record<string, string> = {}) =>
  parseConfig({ DROVER_DATA_DIR: dataDir, ...env });

describe("a command", () => {
  it("gets the embedded database for itself when nothing runs, and gives it back", async () => {
    await fillDataFolder(dataDir);
    const attached = await attachToDatabase(configWith());
    const client = new pg.Client({ connectionString: attached.url });
    await client.connect();
    const { rows } = await client.query(
      "SELECT position FROM applied_migrations WHERE position = 0",
    );
    await client.end();
    expect(rows).toEqual([{ position: 0 }]);
    expect(await lockHolder(dataDir, "database")).toBeDefined();
    await attached.release();
    expect(await lockHolder(dataDir, "database")).toBeUndefined();
  });

  it("uses the running product's database and learns its address", async () => {
    const lock = await acquireLock(dataDir, "supervisor");
    await expect(attachToDatabase(configWith())).rejects.toThrow("Drover is starting");
    const address = "http://127.0.0.1:3001";
    const databaseUrl = "postgres://postgres@localhost/postgres?host=%2Fsomewhere";
    writeState(dataDir, {
      pid: process.pid,
      bootId: currentBootId(),
      address,
      databaseUrl,
      parts: [],
    });
    expect(await attachToDatabase(configWith())).toMatchObject({ url: databaseUrl, address });
    if (lock.holder === undefined) lock.release();
  });

  it("uses the database that DATABASE_URL names, running or not", async () => {
    const url = "postgres://someone@db.example.org/drover";
    const attached = await attachToDatabase(configWith({ DATABASE_URL: url }));
    expect(attached).toMatchObject({ url, address: null });
  });
});
