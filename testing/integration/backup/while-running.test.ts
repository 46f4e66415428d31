import { mkdtemp, rm } from "node:fs/promises";
import { existsSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterAll, afterEach, beforeAll, beforeEach, describe, expect, it } from "vitest";
import { type PostgresServer, startPostgres } from "#testing/services/postgres.ts";
import { contentsOf, filesIn, fillWithWork, withDatabase, withEmbedded } from "./filled-data.ts";
import { runNpm, startNpm } from "./run-npm.ts";
import { type RunningProduct, startRunningProduct } from "./running-product.ts";

let folder: string;
let dataDir: string;
let postgres: PostgresServer;
let product: RunningProduct;

beforeAll(async () => {
  postgres = await startPostgres();
}, 60_000);
afterAll(() => postgres.close());
beforeEach(async () => {
  folder = await mkdtemp(join(tmpdir(), "drover-running-"));
  dataDir = join(folder, "data");
  await fillWithWork(dataDir);
  product = await startRunningProduct(dataDir);
}, 60_000);
afterEach(async () => {
  await product.stop();
  await rm(folder, { recursive: true, force: true });
});

const inData = () => ({ DROVER_DATA_DIR: dataDir });
/** What the database answers to somebody who writes: null, or the code of its refusal. */
const writing = (url: string): Promise<string | null> =>
  withDatabase(url, async (client) => {
    try {
      await client.query("INSERT INTO audit_log (action) VALUES ('meanwhile')");
      return null;
    } catch (error) {
      return (error as { readonly code: string }).code;
    }
  });
const readOnly = "25006";

describe("a Drover that runs", { timeout: 120_000 }, () => {
  it("is moved while people read, and never writes again into what stays behind", async () => {
    const before = await withDatabase(product.url, contentsOf);
    const moved = await runNpm("move", [postgres.url], inData());
    expect([moved.code, moved.said]).toEqual([0, expect.stringContaining("only reads")]);
    expect(await withDatabase(postgres.url, contentsOf)).toEqual(before);
    expect(await withDatabase(product.url, contentsOf)).toEqual(before);
    expect(await writing(product.url)).toBe(readOnly);
    // Also not when its database is started again.
    const pid = product.pidOf("database");
    process.kill(pid ?? Number.NaN, "SIGKILL");
    await expect
      .poll(() => writing(product.url).catch(() => "away"), { timeout: 20_000 })
      .toBe(readOnly);
    expect(product.pidOf("database")).not.toBe(pid);
    const again = await runNpm("move", [postgres.url], inData());
    expect([again.code, again.said]).toEqual([1, expect.stringContaining("has moved to Postgres")]);
  });

  it("writes on when the move is refused, and when it is killed in the middle", async () => {
    const refused = await runNpm("move", ["postgres://nobody@127.0.0.1:1/none"], inData());
    expect([refused.code, refused.said]).toEqual([
      1,
      expect.stringContaining("Nothing was changed"),
    ]);
    expect(refused.said).not.toContain("only reads");
    expect(await writing(product.url)).toBe(null);

    const empty = await startPostgres();
    const move = startNpm("move", [empty.url], inData());
    await expect.poll(() => writing(product.url), { timeout: 30_000, interval: 5 }).toBe(readOnly);
    move.kill();
    await move.ended;
    await expect.poll(() => writing(product.url), { timeout: 30_000 }).toBe(null);
    expect(existsSync(join(dataDir, "moved-to-postgres"))).toBe(false);
    const left = await withDatabase(empty.url, (client) =>
      client.query("SELECT relname FROM pg_class WHERE relnamespace = 'public'::regnamespace"),
    );
    expect(left.rows).toEqual([]);
    await empty.close();
  });

  it("is restored: it only reads until the backup is in place, and database and app start again with it", async () => {
    const backup = join(folder, "backup");
    expect(await runNpm("backup", [backup], inData())).toMatchObject({ code: 0 });
    const before = await withDatabase(product.url, contentsOf);
    const originals = await filesIn(join(dataDir, "files"));
    await withDatabase(product.url, (client) =>
      client.query("UPDATE collections SET name = 'spoilt'"),
    );
    await rm(join(dataDir, "files"), { recursive: true });
    const spoilt = await withDatabase(product.url, contentsOf);
    const pids = ["database", "app"].map(product.pidOf);

    const unsure = await runNpm("restore", [backup], inData());
    expect([unsure.code, unsure.said]).toEqual([1, expect.stringContaining("Say --yes")]);
    expect(await withDatabase(product.url, contentsOf)).toEqual(spoilt);
    expect(await writing(product.url)).toBe(null);

    const restoring = startNpm("restore", [backup, "--yes"], inData());
    await expect.poll(() => writing(product.url), { timeout: 30_000, interval: 5 }).toBe(readOnly);
    const restored = await restoring.ended;
    expect([restored.code, restored.said]).toEqual([0, expect.stringContaining("goes on with it")]);
    const after = await withDatabase(product.url, contentsOf);
    expect(after).toEqual({ ...before, sessions: "0:", accounts: after["accounts"] });
    expect(await filesIn(join(dataDir, "files"))).toEqual(originals);
    expect(await writing(product.url)).toBe(null);
    for (const [place, name] of ["database", "app"].entries())
      expect(product.pidOf(name)).not.toBe(pids[place]);
    const kept = join(dataDir, "snapshots/before-restore");
    const { collections } = await withEmbedded(kept, contentsOf);
    expect(collections).toBe(spoilt["collections"]);
  });
});
