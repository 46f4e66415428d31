import { mkdtemp, rm } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { describe, expect, it } from "vitest";
import {
  fillDataFolder,
  startEmbeddedDatabase,
  startTestDatabase,
  testEngine,
} from "#testing/services/test-database.ts";
import { jobs } from "../../../drizzle/schema/index.ts";
import { openDatabase } from "./connection.ts";
import { controlPathOf } from "./embedded-control.ts";

describe("openDatabase", () => {
  it("knows which engine answers and reads the schema's tables", async () => {
    const database = await startTestDatabase();
    const connection = await openDatabase({ url: database.url, maxConnections: 2 });
    expect(connection.engine).toBe(testEngine);
    expect(await connection.db.select().from(jobs)).toEqual([]);
    await connection.close();
    await database.close();
  });

  it("says that the database does not answer, in a branded error", async () => {
    const opening = openDatabase({ url: "postgres://x@127.0.0.1:9/x", maxConnections: 1 });
    await expect(opening).rejects.toMatchObject({
      code: "database_unavailable",
      details: { reason: expect.stringContaining("ECONNREFUSED") as unknown },
    });
  });

  it("does not connect for someone who has left", async () => {
    const left = new Error("left");
    const opening = openDatabase({
      url: "postgres://x@127.0.0.1:9/x",
      maxConnections: 1,
      signal: AbortSignal.abort(left),
    });
    await expect(opening).rejects.toBe(left);
  });

  it("serves again, on the same pool, once a killed embedded database is back", async () => {
    const dataDir = await mkdtemp(join(tmpdir(), "drover-connection-"));
    await fillDataFolder(dataDir);
    const first = await startEmbeddedDatabase(dataDir);
    const connection = await openDatabase({ url: first.url, maxConnections: 3 });
    await first.program.kill();
    await expect(connection.db.select().from(jobs)).rejects.toThrow();
    const second = await startEmbeddedDatabase(dataDir);
    expect(second.url).toBe(first.url);
    expect(await connection.db.select().from(jobs)).toEqual([]);
    await connection.close();
    await second.program.stop();
    await rm(dataDir, { recursive: true });
  });
});

describe("controlPathOf", () => {
  it("finds the control socket beside the embedded database's own, and none on a server", () => {
    expect(controlPathOf("postgres://p@localhost/p?host=%2Fa%20b%2Frun")).toBe("/a b/run/control");
    expect(controlPathOf("postgres://p@db.example.org:5432/p")).toBeUndefined();
  });
});
