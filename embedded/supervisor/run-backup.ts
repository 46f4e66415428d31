// node embedded/supervisor/run-backup.ts [FOLDER]: runs lib/commands/backup.ts on a copy of the running embedded database, made without
// holding anyone up, or on the database that is not running, or on the Postgres of DATABASE_URL.
import { join, resolve } from "node:path";
import { attachToDatabase } from "./attach.ts";
import { enterCommand } from "./command-entry.ts";
import { withDatabaseCopy } from "./database-copy.ts";
import { root } from "./product-parts.ts";
import { runFile } from "./run-file.ts";

await enterCommand(async (config, given) => {
  const from = process.env["INIT_CWD"] ?? root;
  const args = given.map((argument) =>
    argument.startsWith("-") ? argument : resolve(from, argument),
  );
  const backup = (url: string): Promise<number> =>
    runFile([join(root, "lib/commands/backup.ts"), ...args], { DATABASE_URL: url });
  const database = await attachToDatabase(config);
  try {
    const isShared = database.address !== null && config.databaseUrl === undefined;
    return await (isShared ? withDatabaseCopy(config, database.url, backup) : backup(database.url));
  } finally {
    await database.release();
  }
});
