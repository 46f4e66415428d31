import { execFile } from "node:child_process";
import { mkdtemp, rm } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { fileURLToPath } from "node:url";
import { afterEach, beforeEach, describe, expect, it } from "vitest";
import { acquireLock, lockHolder } from "../../../embedded/database/exclusive-lock.mjs";
import { currentBootId, writeState } from "../../../embedded/supervisor/state-file.ts";
import { fillDataFolder, startEmbeddedDatabase } from "../../services/test-database.ts";

const program = fileURLToPath(
  new URL("../../../embedded/supervisor/run-command.ts", import.meta.url),
);
let dataDir: string;

beforeEach(async () => {
  dataDir = await mkdtemp(join(tmpdir(), "drover command "));
  await fillDataFolder(dataDir);
});
afterEach(async () => {
  await rm(dataDir, { recursive: true, force: true });
});

/** As `npm run admin -- …` does, with nothing in the environment but the data folder. */
const admin = (...args: string[]): Promise<{ readonly code: number; readonly said: string }> =>
  new Promise((resolve) => {
    const { PATH, NODE_ENV } = process.env;
    const env = { PATH, NODE_ENV, DROVER_DATA_DIR: dataDir };
    const words = [program, "lib/commands/admin.ts", ...args];
    execFile(process.execPath, words, { env }, (error, out, err) => {
      resolve({ code: typeof error?.code === "number" ? error.code : 0, said: out + err });
    });
  });

describe("npm run admin", { timeout: 90_000 }, () => {
  it("makes a set-up link with the database for itself while nothing runs, and gives it back", async () => {
    const { code, said } = await admin("setup-link");
    expect([code, said]).toEqual([0, expect.stringMatching(/:3000\/setup#token=\S+/)]);
    expect(await lockHolder(dataDir, "database")).toBeUndefined();
    expect(await admin("reset-password", "nobody@example.org")).toEqual({
      code: 1,
      said: "Nobody has this e-mail address.\n",
    });
  });

  it("works beside the running product: its database, and its address in the link", async () => {
    const lock = await acquireLock(dataDir, "supervisor");
    if (lock.holder !== undefined) throw new Error("the data folder is new and locked");
    const starting = await admin("setup-link");
    expect([starting.code, starting.said]).toEqual([1, expect.stringContaining("is starting")]);

    const { program: database, url } = await startEmbeddedDatabase(dataDir);
    const address = "http://127.0.0.1:3456";
    const state = { pid: process.pid, bootId: currentBootId(), address, parts: [] };
    writeState(dataDir, { ...state, databaseUrl: url });
    const { code, said } = await admin("setup-link");
    expect([code, said]).toEqual([0, expect.stringContaining(`${address}/setup#token=`)]);
    expect((await lockHolder(dataDir, "database"))?.pid).toBe(database.pid);
    await database.stop();
    lock.release();
  });

  it("says how it is used, in the command's own words", async () => {
    const { code, said } = await admin("make-me-king");
    expect([code, said]).toEqual([2, expect.stringContaining("npm run admin -- setup-link")]);
  });
});
