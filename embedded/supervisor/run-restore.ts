// node embedded/supervisor/run-restore.ts FOLDER [--yes]: runs lib/commands/restore.ts on a new embedded database, which takes the place
// of the one that was there when all of it is on the disk, or on the Postgres of DATABASE_URL, in one transaction. FOLDER may also be a
// snapshot of the embedded database, which is put in place as it is.
import { constants, cpSync, existsSync, mkdirSync, rmSync } from "node:fs";
import { join, resolve } from "node:path";
import type { Config } from "../../lib/config.ts";
import { acquireLock } from "../database/exclusive-lock.mjs";
import {
  finishRestore,
  markRestored,
  replacedFolder,
  restoringFolder,
} from "../database/restored-database.ts";
import { enterCommand } from "./command-entry.ts";
import { startDatabaseChild } from "./database-child.ts";
import { root } from "./product-parts.ts";
import { runFile } from "./run-file.ts";
import { setupFailure } from "./setup-failure.ts";

interface Asked {
  readonly folder: string;
  readonly args: readonly string[];
}

const command = join(root, "lib/commands/restore.ts");

/** Nothing else may be running on the data folder: its lock is held as the product holds it. */
async function whileStopped(config: Config, work: () => Promise<number>): Promise<number> {
  const lock = await acquireLock(config.dataDir, "supervisor");
  if (lock.holder !== undefined)
    throw setupFailure(
      `Drover is running (process ${String(lock.holder.pid)}). Stop it first. Nothing was changed.`,
    );
  try {
    return await work();
  } finally {
    lock.release();
  }
}

async function restoreEmbedded(config: Config, asked: Asked): Promise<number> {
  const lock = await acquireLock(config.dataDir, "database");
  if (lock.holder !== undefined) throw setupFailure("The database is open. Stop it first.");
  try {
    finishRestore(config.dataDir); // one that was cut off
    const replaces = existsSync(join(config.dataDir, "database"));
    mkdirSync(restoringFolder(config.dataDir), { mode: 0o700 });
    const code = await makeDatabase(config, asked, replaces);
    if (code !== 0) {
      rmSync(restoringFolder(config.dataDir), { recursive: true, force: true });
      return code;
    }
    await markRestored(config.dataDir);
    finishRestore(config.dataDir);
    if (replaces)
      process.stdout.write(
        `What was there before is in ${replacedFolder(config.dataDir)} until the next restore.\n`,
      );
    return 0;
  } finally {
    lock.release();
  }
}

async function makeDatabase(config: Config, asked: Asked, replaces: boolean): Promise<number> {
  const folder = restoringFolder(config.dataDir);
  const isSnapshot = existsSync(join(asked.folder, "database", "PG_VERSION"));
  if (isSnapshot) {
    const options = { recursive: true, mode: constants.COPYFILE_FICLONE } as const;
    cpSync(join(asked.folder, "database"), join(folder, "database"), options);
  }
  const database = await startDatabaseChild(folder);
  try {
    const told = [...(replaces ? ["--replaces"] : []), ...(isSnapshot ? ["--snapshot"] : [])];
    return await runFile([command, ...asked.args, ...told], { DATABASE_URL: database.url });
  } finally {
    await database.stop();
  }
}

await enterCommand((config, given) => {
  const from = process.env["INIT_CWD"] ?? root;
  const folder = given.find((argument) => !argument.startsWith("-"));
  if (folder === undefined) return runFile([command], {});
  const path = resolve(from, folder);
  const asked = { folder: path, args: given.map((each) => (each === folder ? path : each)) };
  return whileStopped(config, () =>
    config.databaseUrl === undefined
      ? restoreEmbedded(config, asked)
      : runFile([command, ...asked.args], {}),
  );
});
