import { mkdtemp, rm } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterAll, beforeAll, expect, it } from "vitest";
import { createEmbeddedSnapshots } from "#lib/adapters/database/embedded-snapshots.ts";
import { startEmbeddedDatabase } from "#testing/services/test-database.ts";
import { contentsOf, filesIn, fillWithWork, withDatabase, withEmbedded } from "./filled-data.ts";
import { runNpm } from "./run-npm.ts";

let dataDir: string;

beforeAll(async () => {
  dataDir = await mkdtemp(join(tmpdir(), "drover-snapshots-"));
  await fillWithWork(dataDir);
}, 60_000);
afterAll(() => rm(dataDir, { recursive: true, force: true }));

it("makes a snapshot beside the running database that brings back rows and originals", async () => {
  const { program, url } = await startEmbeddedDatabase(dataDir);
  const shelf = createEmbeddedSnapshots({ databaseUrl: url, dataDir });
  await shelf.make(new Date("2026-01-02T03:04:05Z"));
  const [kept] = await shelf.list();
  expect(kept).toEqual({
    name: "snapshot-2026-01-02T03-04-05Z",
    at: new Date("2026-01-02T03:04:05Z"),
  });
  const before = await withDatabase(url, contentsOf);
  const originals = await filesIn(join(dataDir, "files"));
  await withDatabase(url, (client) => client.query("UPDATE collections SET name = 'spoilt'"));
  await program.stop();
  await rm(join(dataDir, "files"), { recursive: true });
  const folder = join(dataDir, "snapshots", kept?.name ?? "");
  const restored = await runNpm("restore", [folder, "--yes"], { DROVER_DATA_DIR: dataDir });
  expect(restored).toMatchObject({ code: 0 });
  expect(await withEmbedded(dataDir, contentsOf)).toEqual(before);
  expect(await filesIn(join(dataDir, "files"))).toEqual(originals);
  await shelf.remove(kept?.name ?? "");
  expect(await shelf.list()).toEqual([]);
}, 120_000);
