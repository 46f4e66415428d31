// node embedded/supervisor/run-backup.ts [FOLDER]: runs lib/commands/backup.ts on a copy of the running embedded database, made without
// holding anyone up, or on the database that is not running, or on the Postgres of DATABASE_URL.
import { mkdirSync, rmSync } from "node:fs";
import { join, resolve } from "node:path";
import type { Config } from "../../lib/config.ts";
import { acquireLock } from "../database/exclusive-lock.mjs";
import { askDatabase } from "./ask-database.ts";
import { attachToDatabase } from "./attach.ts";
import { enterCommand } from "./command-entry.ts";
import { startDatabaseChild } from "./database-child.ts";
import { root } from "./product-parts.ts";
import { runFile } from "./run-file.ts";
import { setupFailure } from "./setup-failure.ts";

const backup = (url: string, args: readonly string[]): Promise<number> =>
  runFile([join(root, "lib/commands/backup.ts"), ...args], { DATABASE_URL: url });

async function backUpCopy(config: Config, url: string, args: readonly string[]): Promise<number> {
  const lock = await acquireLock(config.dataDir, "backup");
  if (lock.holder !== undefined) throw setupFailure("Another backup is running. Wait for its end.");
  const copy = join(config.dataDir, "copy-for-backup");
  try {
    rmSync(copy, { recursive: true, force: true }); // left by a backup that was killed
    mkdirSync(copy, { mode: 0o700 });
    await askDatabase(url, { do: "image", path: join(copy, "database") });
    const database = await startDatabaseChild(copy);
    try {
      return await backup(database.url, args);
    } finally {
      await database.stop();
    }
  } finally {
    rmSync(copy, { recursive: true, force: true });
    lock.release();
  }
}

await enterCommand(async (config, given) => {
  const from = process.env["INIT_CWD"] ?? root;
  const args = given.map((argument) =>
    argument.startsWith("-") ? argument : resolve(from, argument),
  );
  const database = await attachToDatabase(config);
  try {
    const isShared = database.address !== null && config.databaseUrl === undefined;
    return await (isShared ? backUpCopy(config, database.url, args) : backup(database.url, args));
  } finally {
    await database.release();
  }
});
