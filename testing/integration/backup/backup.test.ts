import { appendFile, mkdtemp, readFile, rm, truncate, writeFile } from "node:fs/promises";
import { existsSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterAll, beforeAll, describe, expect, it } from "vitest";
import type { BackupManifest } from "#lib/ports/backup.ts";
import { type PostgresServer, startPostgres } from "#testing/services/postgres.ts";
import { contentsOf, filesIn, fillWithWork, withDatabase, withEmbedded } from "./filled-data.ts";
import { runNpm, startNpm } from "./run-npm.ts";
import { startRunningProduct } from "./running-product.ts";

let folder: string;
let dataDir: string;
let backup: string;
let before: Readonly<Record<string, string>>;
let postgres: PostgresServer;

const inData = (name: string): Record<string, string> => ({ DROVER_DATA_DIR: join(folder, name) });
const embedded = (name: string) => withEmbedded(join(folder, name), contentsOf);
/** What is left out of backups on purpose. */
const withoutSecrets = (contents: Readonly<Record<string, string>>) => ({
  ...contents,
  sessions: "0:",
  accounts: "",
});

beforeAll(async () => {
  folder = await mkdtemp(join(tmpdir(), "drover backup "));
  dataDir = join(folder, "first");
  backup = join(folder, "kept", "one");
  await fillWithWork(dataDir);
  postgres = await startPostgres();
}, 120_000);
afterAll(async () => {
  await postgres.close();
  await rm(folder, { recursive: true, force: true });
});

describe("npm run backup, restore and move-to-postgres", { timeout: 240_000 }, () => {
  it("backs up the running Drover without stopping it, and without what would let anyone sign in", async () => {
    const product = await startRunningProduct(dataDir);
    before = await withDatabase(product.url, contentsOf);
    const { code, said } = await runNpm("backup", [backup], inData("first"));
    expect([code, said]).toEqual([0, expect.stringContaining("2 originals")]);
    expect(await withDatabase(product.url, contentsOf)).toEqual(before);
    await product.stop();
    expect((await filesIn(folder)).filter((name) => name.includes("partial"))).toEqual([]);
    expect(existsSync(join(dataDir, "copy-for-backup"))).toBe(false);
    expect((await filesIn(backup)).join(" ")).not.toContain("secret");
  });

  it("backs up the originals of documents that are cleared away while it runs", async () => {
    const other = join(folder, "cleared");
    await fillWithWork(other);
    const originals = await filesIn(join(other, "files"));
    const product = await startRunningProduct(other);
    const running = startNpm("backup", [join(folder, "kept/cleared")], inData("cleared"));
    while (!existsSync(join(other, "copy-for-backup/database")) && running.child.exitCode === null)
      await new Promise((resolve) => setImmediate(resolve));
    await rm(join(other, "files"), { recursive: true });
    const { code, said } = await running.ended;
    await product.stop();
    expect([code, said]).toEqual([0, expect.stringContaining("2 originals")]);
    expect(originals.length).toBe(2);
  });

  it("says how much room the copy of a running database lacks before it makes one", async () => {
    const product = await startRunningProduct(dataDir);
    const huge = join(dataDir, "database", "huge");
    await truncate(huge, 4e12).catch(() => writeFile(huge, "").then(() => truncate(huge, 4e12)));
    const refused = await runNpm("backup", [join(folder, "kept/none")], inData("first"));
    await rm(huge);
    await product.stop();
    expect([refused.code, refused.said]).toEqual([
      1,
      expect.stringMatching(
        /needs 4,000,\d{3} MB .* and [\d,]+ MB of it are missing.*or stop Drover/,
      ),
    ]);
    expect(existsSync(join(folder, "kept/none"))).toBe(false);
    expect(existsSync(join(dataDir, "copy-for-backup"))).toBe(false);
  });

  it("restores into an empty data folder: every row, every original, nobody signed in", async () => {
    const { code, said } = await runNpm("restore", [backup], inData("second"));
    expect([code, said]).toEqual([0, expect.stringContaining("in place")]);
    const restored = await embedded("second");
    expect({ ...restored, accounts: "" }).toEqual(withoutSecrets(before));
    expect(await filesIn(join(folder, "second/files"))).toEqual(
      await filesIn(join(dataDir, "files")),
    );
    const tokens = await withEmbedded(join(folder, "second"), async (client) => {
      await client.query("INSERT INTO audit_log (action) VALUES ('after')"); // its numbers go on
      const { rows } = await client.query<object>("SELECT password, access_token FROM accounts");
      return rows;
    });
    expect(tokens).toEqual([{ password: "hash", access_token: null }]);
  });

  it("asks before it replaces, keeps what it replaced, and can go back to that", async () => {
    await fillWithWork(join(folder, "third"), "other work");
    const other = await embedded("third");
    const refused = await runNpm("restore", [backup], inData("third"));
    expect([refused.code, refused.said]).toEqual([1, expect.stringContaining("Say --yes")]);
    expect(await embedded("third")).toEqual(other);
    expect((await runNpm("restore", [backup, "--yes"], inData("third"))).code).toBe(0);
    expect(await embedded("third")).toEqual({
      ...before,
      ...{ sessions: "0:" },
      accounts: expect.any(String) as string,
    });
    const kept = join(folder, "third/snapshots/before-restore");
    const back = await runNpm("restore", [kept, "--yes"], inData("third"));
    expect([back.code, back.said]).toEqual([0, expect.stringContaining("snapshot")]);
    expect(await embedded("third")).toEqual(other);
  });

  it("refuses a backup that was changed, one that is not whole and one of a newer Drover, and changes nothing", async () => {
    const manifest = join(backup, "manifest.json");
    const text = await readFile(manifest, "utf8");
    const { originals, ...rest } = JSON.parse(text) as BackupManifest;
    const original = join(
      backup,
      "originals",
      (originals[0]?.key ?? "").slice(0, 2),
      originals[0]?.key ?? "",
    );
    const bytes = await readFile(original);
    const restore = () => runNpm("restore", [backup, "--yes"], inData("fourth"));
    await appendFile(original, "x");
    expect(await restore()).toEqual({
      code: 1,
      said: expect.stringContaining(originals[0]?.key ?? "-") as string,
    });
    await writeFile(original, bytes);
    const steps = [...rest.steps, { tag: "9999_later", hash: "x" }];
    await writeFile(manifest, JSON.stringify({ ...rest, originals, steps }));
    expect(await restore()).toEqual({
      code: 1,
      said: expect.stringContaining("newer Drover") as string,
    });
    await rm(manifest);
    expect(await restore()).toEqual({
      code: 1,
      said: expect.stringContaining("no whole backup") as string,
    });
    await writeFile(manifest, text);
    expect(existsSync(join(folder, "fourth/database"))).toBe(false);
    expect(existsSync(join(folder, "fourth/restoring"))).toBe(false);
  });

  it("moves to an empty Postgres, compares every row, and does not let the old copy go on by mistake", async () => {
    const moved = await runNpm("move", [postgres.url], inData("first"));
    expect([moved.code, moved.said]).toEqual([0, expect.stringContaining("Set DATABASE_URL")]);
    expect(await withDatabase(postgres.url, contentsOf)).toEqual(before);
    const again = await runNpm("move", [postgres.url], inData("first"));
    expect([again.code, again.said]).toEqual([
      1,
      expect.stringContaining("holds a Drover already"),
    ]);
    const start = await runNpm("backup", [join(folder, "kept/two")], inData("first"));
    expect([start.code, start.said]).toEqual([1, expect.stringContaining("has moved to Postgres")]);
  });

  it("backs up and restores a Postgres, and refuses while a Drover is connected to it", async () => {
    const onPostgres = { ...inData("first"), DATABASE_URL: postgres.url };
    const second = join(folder, "kept/two");
    expect((await runNpm("backup", [second], onPostgres)).code).toBe(0);
    await withDatabase(postgres.url, async (client) => {
      await client.query("UPDATE collections SET name = 'spoilt'");
      await client.query("SET application_name = 'drover'");
      const refused = await runNpm("restore", [second, "--yes"], onPostgres);
      expect([refused.code, refused.said]).toEqual([1, expect.stringContaining("Stop it first")]);
    });
    expect(await runNpm("restore", [second, "--yes"], onPostgres)).toMatchObject({ code: 0 });
    const after = await withDatabase(postgres.url, contentsOf);
    expect({ ...after, accounts: "" }).toEqual(withoutSecrets(before));
  });
});
