// node embedded/supervisor/run-restore.ts FOLDER [--yes]: runs lib/commands/restore.ts on a new embedded database, which takes the place
// of the one that was there when all of it is on the disk, or on the Postgres of DATABASE_URL, in one transaction. FOLDER may also be a
// snapshot of the embedded database, which is put in place as it is. A Drover that runs on the embedded database only reads meanwhile;
// then its database and its app are started again.
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
import { askDatabase, holdWrites } from "./ask-database.ts";
import { enterCommand } from "./command-entry.ts";
import { startDatabaseChild } from "./database-child.ts";
import { refuseMoved } from "./moved-mark.ts";
import { root } from "./product-parts.ts";
import { restartPart } from "./restart-part.ts";
import { runFile } from "./run-file.ts";
import { setupFailure } from "./setup-failure.ts";
import { readState } from "./state-file.ts";

interface Asked {
  readonly folder: string;
  readonly args: readonly string[];
}

const command = join(root, "lib/commands/restore.ts");

async function restorePostgres(asked: Asked, runningPid: number | undefined): Promise<number> {
  if (runningPid !== undefined)
    throw setupFailure(
      `Drover is running (process ${String(runningPid)}) on a Postgres that others may use too. Stop it first. Nothing was changed.`,
    );
  return runFile([command, ...asked.args], {});
}

/** The new database is made beside the running one, which only reads meanwhile and lets it take its place when it starts again. */
async function restoreRunning(config: Config, asked: Asked): Promise<number> {
  const { dataDir } = config;
  refuseMoved(config);
  const url = readState(dataDir)?.databaseUrl;
  if (url == null) throw setupFailure("Drover is starting. Wait until it shows its address.");
  const lock = await acquireLock(dataDir, "backup");
  if (lock.holder !== undefined)
    throw setupFailure("A backup, a move or another restore is running. Wait for its end.");
  try {
    const refused = await look(asked, ["--running"]);
    if (refused !== 0) return refused;
    const hold = await holdWrites(url);
    try {
      rmSync(restoringFolder(dataDir), { recursive: true, force: true }); // one that was cut off
      const code = await prepare(config, asked, ["--running"]);
      if (code !== 0) return code;
      await restartPart(dataDir, "database", () => askDatabase(url, { do: "stop" }));
    } finally {
      hold.release();
    }
    // What the app keeps in memory is of the database that was.
    await restartPart(dataDir, "app", (pid) => {
      process.kill(pid, "SIGTERM");
    });
    process.stdout.write(
      `Drover goes on with it. What was there before is in ${replacedFolder(dataDir)} until the next restore.\n`,
    );
    return 0;
  } finally {
    lock.release();
  }
}

/** Making a database takes seconds: first everything is asked and seen that could speak against it. */
const look = (asked: Asked, told: readonly string[]): Promise<number> =>
  runFile([command, ...asked.args, ...told, ...ofKind(asked), "--look"], {});

const isSnapshot = ({ folder }: Asked): boolean =>
  existsSync(join(folder, "database", "PG_VERSION"));
const ofKind = (asked: Asked): readonly string[] => (isSnapshot(asked) ? ["--snapshot"] : []);

/** Makes the database that takes the place of the present one at its next start; nothing of it stays when it fails. */
async function prepare(config: Config, asked: Asked, told: readonly string[]): Promise<number> {
  mkdirSync(restoringFolder(config.dataDir), { mode: 0o700 });
  const code = await makeDatabase(config, asked, told);
  if (code === 0) await markRestored(config.dataDir);
  else rmSync(restoringFolder(config.dataDir), { recursive: true, force: true });
  return code;
}

async function restoreEmbedded(config: Config, asked: Asked): Promise<number> {
  const lock = await acquireLock(config.dataDir, "database");
  if (lock.holder !== undefined) throw setupFailure("The database is open. Stop it first.");
  try {
    finishRestore(config.dataDir); // one that was cut off
    const replaces = existsSync(join(config.dataDir, "database"));
    const told = replaces ? ["--replaces"] : [];
    const refused = await look(asked, told);
    if (refused !== 0) return refused;
    const code = await prepare(config, asked, told);
    if (code !== 0) return code;
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

async function makeDatabase(
  config: Config,
  asked: Asked,
  told: readonly string[],
): Promise<number> {
  const folder = restoringFolder(config.dataDir);
  if (isSnapshot(asked)) {
    const options = { recursive: true, mode: constants.COPYFILE_FICLONE } as const;
    cpSync(join(asked.folder, "database"), join(folder, "database"), options);
  }
  const database = await startDatabaseChild(folder);
  try {
    const args = [...asked.args, ...told, ...ofKind(asked), "--seen"];
    return await runFile([command, ...args], { DATABASE_URL: database.url });
  } finally {
    await database.stop();
  }
}

async function restore(config: Config, asked: Asked): Promise<number> {
  const lock = await acquireLock(config.dataDir, "supervisor");
  if (lock.holder !== undefined && config.databaseUrl === undefined)
    return restoreRunning(config, asked);
  try {
    return await (config.databaseUrl === undefined
      ? restoreEmbedded(config, asked)
      : restorePostgres(asked, lock.holder?.pid));
  } finally {
    if (lock.holder === undefined) lock.release();
  }
}

await enterCommand((config, given) => {
  const from = process.env["INIT_CWD"] ?? root;
  const folder = given.find((argument) => !argument.startsWith("-"));
  if (folder === undefined) return runFile([command], {});
  const path = resolve(from, folder);
  const asked = { folder: path, args: given.map((each) => (each === folder ? path : each)) };
  return restore(config, asked);
});
