import { cp, mkdtemp, readFile, rm, readdir, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterAll, beforeAll, describe, expect, it } from "vitest";
import {
  migrationsDir,
  startTestDatabase,
  type TestDatabase,
} from "#testing/services/test-database.ts";
import { isAppError } from "../../core/errors/app-error.ts";
import { openDatabase, type DatabaseConnection } from "./connection.ts";
import { migrateDatabase } from "./migrate.ts";

let database: TestDatabase;
let connection: DatabaseConnection;
let folder: string;

beforeAll(async () => {
  database = await startTestDatabase();
  connection = await openDatabase({ url: database.url, maxConnections: 4 });
  folder = await mkdtemp(join(tmpdir(), "drover-migrate-"));
});
afterAll(async () => {
  await connection.close();
  await database.close();
  await rm(folder, { recursive: true, force: true });
});

async function withExtraStep(name: string, sql: string): Promise<string> {
  const dir = join(folder, name);
  await cp(migrationsDir, dir, { recursive: true });
  const path = join(dir, "meta/_journal.json");
  const journal = JSON.parse(await readFile(path, "utf8")) as { entries: object[] };
  journal.entries.push({ idx: journal.entries.length, tag: "9999_extra" });
  await writeFile(path, JSON.stringify(journal));
  await writeFile(join(dir, "9999_extra.sql"), sql);
  return dir;
}

const options = (dir: string) => ({ migrationsDir: dir, snapshotDir: join(folder, "snapshots") });

describe("migrateDatabase", () => {
  it("finds nothing to do on data of its own version", async () => {
    expect(await migrateDatabase(connection, options(migrationsDir))).toEqual([]);
  });

  it("leaves nothing of a step that fails in the middle", async () => {
    const dir = await withExtraStep(
      "broken",
      "CREATE TABLE half_done (id int);\n--> statement-breakpoint\nSELECT no_such_function();",
    );
    await expect(migrateDatabase(connection, options(dir))).rejects.toThrow();
    const { rows } = await connection.pool.query<{ found: string | null }>(
      "SELECT to_regclass('half_done')::text AS found",
    );
    expect(rows).toEqual([{ found: null }]);
  });

  it("copies the embedded database before a step, applies it once, and older programs refuse the data", async () => {
    const said: string[] = [];
    const dir = await withExtraStep("next", "CREATE TABLE from_the_future (id int);");
    const report = (sentence: string): number => said.push(sentence);
    const first = await migrateDatabase(connection, { ...options(dir), report });
    expect(first).toEqual(["9999_extra"]);
    expect(said).toHaveLength(1);
    if (connection.engine === "pglite") {
      const copy = join(folder, "snapshots/before-9999_extra/database");
      expect(await readdir(copy)).toContain("backup_label");
    } else {
      expect(said[0]).toContain("operator");
    }
    expect(await migrateDatabase(connection, options(dir))).toEqual([]);

    const refused = await migrateDatabase(connection, options(migrationsDir)).catch(
      (error: unknown) => error,
    );
    expect(isAppError(refused, "database_newer")).toBe(true);
  });
});
