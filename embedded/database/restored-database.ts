import { existsSync, mkdirSync, renameSync, rmSync, writeFileSync } from "node:fs";
import { open, readdir } from "node:fs/promises";
import { join } from "node:path";

/** Where a restore makes the new database, and what tells that it is whole. */
export const restoringFolder = (dataDir: string): string => join(dataDir, "restoring");
const wholeMark = (dataDir: string): string => join(restoringFolder(dataDir), "whole");

/** Where the database goes that a restored one takes the place of. */
export const replacedFolder = (dataDir: string): string =>
  join(dataDir, "snapshots", "before-restore");

/**
 * Marks the new database as whole once all of it is on the disk: from here on it takes its place, whatever dies. Whoever calls holds
 * the lock of the data folder.
 */
export async function markRestored(dataDir: string): Promise<void> {
  await syncTree(restoringFolder(dataDir));
  writeFileSync(wholeMark(dataDir), "", { flush: true });
  await sync(restoringFolder(dataDir));
}

/** Puts a whole restored database in its place, and clears away one that is not. Safe to end at any point and to call again. */
export function finishRestore(dataDir: string): void {
  const restoring = restoringFolder(dataDir);
  if (!existsSync(restoring)) return;
  const made = join(restoring, "database");
  const current = join(dataDir, "database");
  if (existsSync(wholeMark(dataDir)) && existsSync(made)) {
    if (existsSync(current)) putAside(dataDir, current);
    renameSync(made, current);
  }
  rmSync(restoring, { recursive: true, force: true });
}

/** One is kept: that of the last restore. */
function putAside(dataDir: string, current: string): void {
  const replaced = replacedFolder(dataDir);
  mkdirSync(replaced, { recursive: true, mode: 0o700 });
  rmSync(join(replaced, "database"), { recursive: true, force: true });
  renameSync(current, join(replaced, "database"));
}

async function syncTree(dir: string): Promise<void> {
  for (const entry of await readdir(dir, { withFileTypes: true })) {
    const path = join(dir, entry.name);
    if (entry.isDirectory()) await syncTree(path);
    else if (entry.isFile()) await sync(path);
  }
  await sync(dir);
}

async function sync(path: string): Promise<void> {
  const file = await open(path, "r");
  try {
    await file.sync();
  } finally {
    await file.close();
  }
}
