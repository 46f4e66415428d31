// node embedded/supervisor/run-move.ts postgres://…: runs lib/commands/move-to-postgres.ts on the embedded database, and notes in the data
// folder that it has moved, so that nobody goes on with the old one by mistake. A Drover that runs only reads meanwhile, and from then on.
import { existsSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import type { Config } from "../../lib/config.ts";
import { acquireLock } from "../database/exclusive-lock.mjs";
import { movedMark } from "../database/moved-mark.ts";
import { holdWrites } from "./ask-database.ts";
import { enterCommand } from "./command-entry.ts";
import { startDatabaseChild } from "./database-child.ts";
import { withDatabaseCopy } from "./database-copy.ts";
import { refuseMoved } from "./moved-mark.ts";
import { root } from "./product-parts.ts";
import { runFile } from "./run-file.ts";
import { setupFailure } from "./setup-failure.ts";
import { readState } from "./state-file.ts";

const program = join(root, "lib/commands/move-to-postgres.ts");
const say = (sentence: string): void => {
  process.stdout.write(`${sentence}\n`);
};

const move = (url: string, given: readonly string[]): Promise<number> =>
  runFile([program, ...given], { DATABASE_URL: url });

const noteMoved = ({ dataDir }: Config): void => {
  writeFileSync(movedMark(dataDir), `${new Date().toISOString()}\n`, { flush: true });
};

async function moveStopped(config: Config, given: readonly string[]): Promise<number> {
  const database = await startDatabaseChild(config.dataDir);
  try {
    const code = await move(database.url, given);
    if (code !== 0) return code;
  } finally {
    await database.stop();
  }
  noteMoved(config);
  say("Set DATABASE_URL to it and start Drover. The embedded copy stays in the data folder.");
  return 0;
}

/** What people wrote after the copy would be lost, so nobody writes from before the copy on; a move that fails ends that. */
async function moveRunning(config: Config, given: readonly string[]): Promise<number> {
  refuseMoved(config);
  const url = readState(config.dataDir)?.databaseUrl;
  if (url == null) throw setupFailure("Drover is starting. Wait until it shows its address.");
  const checked = await runFile([program, ...given, "--check"], { DATABASE_URL: url });
  if (checked !== 0) return checked;
  say("From now on Drover only reads, so that nothing is left behind.");
  const hold = await holdWrites(url);
  try {
    const code = await withDatabaseCopy(config, url, (copyUrl) => move(copyUrl, given));
    if (code === 0) noteMoved(config);
    else say("Drover writes again.");
    if (code !== 0) return code;
  } finally {
    hold.release();
  }
  say(
    "Stop Drover, set DATABASE_URL to it and start Drover again; until then it only reads. The embedded copy stays in the data folder.",
  );
  return 0;
}

await enterCommand(async (config, given) => {
  if (given.length !== 1) return runFile([program], {});
  if (config.databaseUrl !== undefined)
    throw setupFailure(
      "DATABASE_URL is set, so there is no embedded database to move. Unset it first.",
    );
  if (!existsSync(join(config.dataDir, "database")))
    throw setupFailure(`There is no embedded database in ${config.dataDir}.`);
  const lock = await acquireLock(config.dataDir, "supervisor");
  if (lock.holder !== undefined) return moveRunning(config, given);
  try {
    return await moveStopped(config, given);
  } finally {
    lock.release();
  }
});
