// node embedded/supervisor/run-move.ts postgres://…: runs lib/commands/move-to-postgres.ts on the embedded database of a stopped Drover,
// and notes in the data folder that it has moved, so that nobody goes on with the old one by mistake.
import { existsSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { acquireLock } from "../database/exclusive-lock.mjs";
import { enterCommand } from "./command-entry.ts";
import { startDatabaseChild } from "./database-child.ts";
import { movedMark } from "./moved-mark.ts";
import { root } from "./product-parts.ts";
import { runFile } from "./run-file.ts";
import { setupFailure } from "./setup-failure.ts";

await enterCommand(async (config, given) => {
  if (given.length !== 1) return runFile([join(root, "lib/commands/move-to-postgres.ts")], {});
  if (config.databaseUrl !== undefined)
    throw setupFailure(
      "DATABASE_URL is set, so there is no embedded database to move. Unset it first.",
    );
  if (!existsSync(join(config.dataDir, "database")))
    throw setupFailure(`There is no embedded database in ${config.dataDir}.`);
  const lock = await acquireLock(config.dataDir, "supervisor");
  if (lock.holder !== undefined)
    throw setupFailure(
      "Drover is running. Stop it first: what people wrote during the move would be lost.",
    );
  try {
    const database = await startDatabaseChild(config.dataDir);
    try {
      const program = join(root, "lib/commands/move-to-postgres.ts");
      const code = await runFile([program, ...given], { DATABASE_URL: database.url });
      if (code !== 0) return code;
    } finally {
      await database.stop();
    }
    writeFileSync(movedMark(config.dataDir), `${new Date().toISOString()}\n`, { flush: true });
    process.stdout.write(
      "Set DATABASE_URL to it and start Drover. The embedded copy stays in the data folder.\n",
    );
    return 0;
  } finally {
    lock.release();
  }
});
