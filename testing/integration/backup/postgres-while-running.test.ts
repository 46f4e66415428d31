import { mkdtemp, rm } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import pg from "pg";
import { afterAll, beforeAll, describe, expect, it } from "vitest";
import { type PostgresServer, startPostgres } from "#testing/services/postgres.ts";
import { contentsOf, fillWithWork, withDatabase } from "./filled-data.ts";
import { type Ran, type Running, runNpm, startNpm } from "./run-npm.ts";
import { type RunningProduct, startRunningProduct } from "./running-product.ts";

let folder: string;
let dataDir: string;
let backup: string;
let postgres: PostgresServer;
let product: RunningProduct;
let kept: Readonly<Record<string, string>>;
let spoilt: Readonly<Record<string, string>>;

const given = () => ({ DROVER_DATA_DIR: dataDir, DATABASE_URL: postgres.url });
const contents = () => withDatabase(postgres.url, contentsOf);
const restore = (): Promise<Ran> => runNpm("restore", [backup, "--yes"], given());
/** Null, or the code of the refusal. */
const writing = (): Promise<string | null> =>
  withDatabase(postgres.url, async (client) => {
    try {
      await client.query("BEGIN; INSERT INTO audit_log (action) VALUES ('meanwhile')");
      return null;
    } catch (error) {
      return (error as { readonly code: string }).code;
    }
  });
const readOnly = "25006";
/** What a Drover says in its database; the stand-in for the app does not. */
const sayAlive = (owner: string) =>
  withDatabase(postgres.url, (client) =>
    client.query(
      `INSERT INTO leader_leases (name, owner, expires_at) VALUES ('process ' || $1::text, $1, now() + interval '1 hour')`,
      [owner],
    ),
  );

beforeAll(async () => {
  folder = await mkdtemp(join(tmpdir(), "drover-shared-"));
  dataDir = join(folder, "data");
  backup = join(folder, "backup");
  postgres = await startPostgres();
  await fillWithWork(dataDir);
  await runNpm("move", [postgres.url], { DROVER_DATA_DIR: dataDir });
  product = await startRunningProduct(dataDir, postgres.url);
  await sayAlive("own");
  expect(await runNpm("backup", [backup], given())).toMatchObject({ code: 0 });
  kept = await contents();
  await withDatabase(postgres.url, (client) =>
    client.query("UPDATE collections SET name = 'spoilt'"),
  );
  spoilt = await contents();
}, 120_000);
afterAll(async () => {
  await product.stop();
  await postgres.close();
  await rm(folder, { recursive: true, force: true });
});

describe("a Drover that runs on a Postgres", { timeout: 120_000 }, () => {
  it("is left alone when nobody said yes, when another Drover lives, and when its database is not the one named", async () => {
    const pid = product.pidOf("app");
    const asked = await runNpm("restore", [backup], given());
    expect([asked.code, asked.said]).toEqual([1, expect.stringContaining("Say --yes")]);
    await sayAlive("other");
    const refused = await restore();
    expect([refused.code, refused.said]).toEqual([
      1,
      expect.stringContaining("Another Drover uses"),
    ]);
    await withDatabase(postgres.url, async (client) => {
      await client.query("DELETE FROM leader_leases WHERE owner = 'other'");
      await client.query("CREATE DATABASE strange");
    });
    const strange = { ...given(), DATABASE_URL: postgres.url.replace("/postgres?", "/strange?") };
    const misnamed = await runNpm("restore", [backup, "--yes"], strange);
    expect([misnamed.code, misnamed.said]).toEqual([
      1,
      expect.stringContaining("does not use the database that DATABASE_URL names"),
    ]);
    const unnamed = await runNpm("restore", [backup, "--yes"], { DROVER_DATA_DIR: dataDir });
    expect([unnamed.code, unnamed.said]).toEqual([
      1,
      expect.stringContaining("has moved to Postgres"),
    ]);
    await rm(join(dataDir, "moved-to-postgres"));
    const unset = await runNpm("restore", [backup, "--yes"], { DROVER_DATA_DIR: dataDir });
    expect([unset.code, unset.said]).toEqual([1, expect.stringContaining("Set DATABASE_URL")]);
    expect(await contents()).toEqual(spoilt);
    expect(product.pidOf("app")).toBe(pid);
  });

  it("goes on with what it had when one is connected that said nothing, and when the restore is killed", async () => {
    const other = new pg.Client({ connectionString: postgres.url, application_name: "drover" });
    await other.connect();
    const refused = await restore();
    await other.end();
    expect([refused.code, refused.said]).toEqual([
      1,
      expect.stringContaining("Another Drover uses"),
    ]);
    expect(await contents()).toEqual(spoilt);
    expect(await writing()).toBe(null);

    const kills = [
      (restoring: Running) => {
        restoring.kill();
      },
      // What it started sees that nobody ends the app for it.
      ({ child }: Running) => child.kill("SIGKILL"),
    ];
    for (const kill of kills) {
      const restoring = startNpm("restore", [backup, "--yes"], given());
      await expect.poll(writing, { timeout: 30_000, interval: 5 }).toBe(readOnly);
      kill(restoring);
      await restoring.ended;
      await expect.poll(writing, { timeout: 30_000 }).toBe(null);
      expect(await contents()).toEqual(spoilt);
    }
  });

  it("only reads until the backup takes the place of its data, between two lives of its app", async () => {
    const pid = product.pidOf("app");
    const restoring = startNpm("restore", [backup, "--yes"], given());
    await expect.poll(writing, { timeout: 30_000, interval: 5 }).toBe(readOnly);
    expect(product.pidOf("app")).toBe(pid);
    const restored = await restoring.ended;
    expect([restored.code, restored.said]).toEqual([0, expect.stringContaining("goes on with it")]);
    const after = await contents();
    expect(after).toEqual({ ...kept, sessions: "0:", accounts: after["accounts"] });
    expect(await writing()).toBe(null);
    expect(product.pidOf("app")).not.toBe(pid);
    expect(product.pidOf("app")).toEqual(expect.any(Number));
  });
});
