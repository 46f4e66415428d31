// node embedded/supervisor/run-restore.ts FOLDER [--yes]: runs lib/commands/restore.ts on a new embedded database, which takes the place
// of the one that was there when all of it is on the disk, or on the Postgres of DATABASE_URL, in one transaction. FOLDER may also be a
// snapshot of the embedded database, which is put in place as it is. A Drover that runs only reads meanwhile; then its app, and the
// embedded database, are started again.
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
import { endProcess } from "./end-process.ts";
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

/** Filled in beside what is there; one takes the other's place between two lives of the app, which keeps in memory what was. */
async function exchangeOnPostgres({ dataDir }: Config, asked: Asked): Promise<number> {
  const told = ["--running", "--shared"];
  const refused = await runFile([command, ...asked.args, ...told, "--look"], {});
  if (refused !== 0) return refused;
  const code = await runFile([command, ...asked.args, ...told, "--seen"], {}, async (goOn) => {
    await restartPart(dataDir, "app", async (pid) => {
      await endProcess(pid);
      goOn();
    });
    goOn(); // there was none
  });
  if (code === 0) process.stdout.write("Drover goes on with it.\n");
  return code;
}

/** The new database is made beside the running one, which only reads meanwhile and lets it take its place when it starts again. */
async function exchangeEmbedded(config: Config, asked: Asked, url: string): Promise<number> {
  const { dataDir } = config;
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
}

/** @param embeddedUrl of the database that the running Drover has; null when that is a Postgres */
function exchange(config: Config, asked: Asked, embeddedUrl: string | null): Promise<number> {
  if (embeddedUrl === null && config.databaseUrl === undefined)
    throw setupFailure(
      "The Drover that runs has its data on a Postgres. Set DATABASE_URL as it has it.",
    );
  if (embeddedUrl === null) return exchangeOnPostgres(config, asked);
  if (config.databaseUrl === undefined) return exchangeEmbedded(config, asked, embeddedUrl);
  throw setupFailure(
    "The Drover that runs has the embedded database, and DATABASE_URL names another. Unset it, or stop Drover first. Nothing was changed.",
  );
}

async function restoreRunning(config: Config, asked: Asked): Promise<number> {
  refuseMoved(config);
  const state = readState(config.dataDir);
  if (state?.address == null)
    throw setupFailure("Drover is starting. Wait until it shows its address.");
  const lock = await acquireLock(config.dataDir, "backup");
  if (lock.holder !== undefined)
    throw setupFailure("A backup, a move or another restore is running. Wait for its end.");
  try {
    return await exchange(config, asked, state.databaseUrl);
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
  if (lock.holder !== undefined) return restoreRunning(config, asked);
  try {
    return await (config.databaseUrl === undefined
      ? restoreEmbedded(config, asked)
      : runFile([command, ...asked.args], {}));
  } finally {
    lock.release();
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
