import { open, rename, rm, type FileHandle } from "node:fs/promises";
import { dirname } from "node:path";
import type { PGlite } from "@electric-sql/pglite";
import type { SnapshotResult } from "./control-server.ts";
import { writeTarOf } from "./tar-file.ts";

/**
 * A consistent copy of the database folder as one tar file: no statement runs meanwhile, the checkpoint puts all pages on the
 * disk first, and the file gets its name only when all of it is there.
 */
export async function writeSnapshot(
  engine: PGlite,
  databaseDir: string,
  path: string,
): Promise<SnapshotResult> {
  const startedAtMs = Date.now();
  const partial = `${path}.partial`;
  await engine.exec("CHECKPOINT");
  let file: FileHandle | undefined;
  try {
    file = await open(partial, "w", 0o600);
    const bytes = await writeTarOf(databaseDir, file);
    await file.sync();
    await file.close();
    await rename(partial, path);
    await syncFolder(dirname(path));
    return { bytes, tookMs: Date.now() - startedAtMs };
  } catch (error) {
    await file?.close().catch(() => undefined);
    await rm(partial, { force: true });
    throw error;
  }
}

async function syncFolder(path: string): Promise<void> {
  const folder = await open(path, "r");
  try {
    await folder.sync();
  } finally {
    await folder.close();
  }
}
