import { mkdirSync, rmSync, statfsSync } from "node:fs";
import { readdir, stat } from "node:fs/promises";
import { join } from "node:path";
import type { Config } from "../../lib/config.ts";
import { acquireLock } from "../database/exclusive-lock.mjs";
import { askDatabase } from "./ask-database.ts";
import { startDatabaseChild } from "./database-child.ts";
import { setupFailure } from "./setup-failure.ts";

/** Stays free for the running one, which goes on writing. */
const spareBytes = 200_000_000;

const megabytes = (bytes: number): string => `${Math.ceil(bytes / 1e6).toLocaleString("en")} MB`;

async function bytesUnder(folder: string): Promise<number> {
  const entries = await readdir(folder, { recursive: true, withFileTypes: true });
  const sizes = entries
    .filter((entry) => entry.isFile())
    .map((entry) =>
      stat(join(entry.parentPath, entry.name)).then(
        ({ size }) => size,
        () => 0, // dropped meanwhile
      ),
    );
  return (await Promise.all(sizes)).reduce((sum, size) => sum + size, 0);
}

async function requireRoom(dataDir: string): Promise<void> {
  const needed = (await bytesUnder(join(dataDir, "database"))) + spareBytes;
  const { bavail, bsize } = statfsSync(dataDir);
  const lacking = needed - bavail * bsize;
  if (lacking <= 0) return;
  throw setupFailure(
    `While Drover runs its database is copied first. That needs ${megabytes(needed)} on the disk of ${dataDir}, and ${megabytes(lacking)} of it are missing. Free them, or stop Drover: then no copy is needed. Nothing was changed.`,
  );
}

/**
 * Lets `work` read a copy of the running embedded database at `url`, made without holding anyone up; its originals stay below
 * `copy-for-backup/files` for as long.
 * @throws Error with one sentence: no room for the copy, or another one being read.
 */
export async function withDatabaseCopy(
  { dataDir }: Config,
  url: string,
  work: (copyUrl: string) => Promise<number>,
): Promise<number> {
  const lock = await acquireLock(dataDir, "backup");
  if (lock.holder !== undefined)
    throw setupFailure("Another backup or move is running. Wait for its end.");
  const copy = join(dataDir, "copy-for-backup");
  try {
    rmSync(copy, { recursive: true, force: true }); // left by one that was killed
    await requireRoom(dataDir);
    mkdirSync(copy, { mode: 0o700 });
    const originals = { from: join(dataDir, "files"), to: join(copy, "files") };
    await askDatabase(url, { do: "image", path: join(copy, "database"), originals });
    const database = await startDatabaseChild(copy);
    try {
      return await work(database.url);
    } finally {
      await database.stop();
    }
  } finally {
    rmSync(copy, { recursive: true, force: true });
    lock.release();
  }
}
