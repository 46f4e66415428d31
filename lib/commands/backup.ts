// npm run backup [-- FOLDER]
// Writes everything that DATABASE_URL names, and the originals, into a new folder; npm run backup sets it to a copy of the running
// embedded database, so that nobody waits.
import { mkdir } from "node:fs/promises";
import { dirname, resolve } from "node:path";
import { existsSync } from "node:fs";
import { parseConfig } from "../config.ts";
import { runBackup } from "../container.ts";
import { backupName, sizeInWords } from "../core/backup/backup-words.ts";
import { isAppError } from "../core/errors/app-error.ts";
import { failureSentence } from "./failure-sentence.ts";
import { interruption } from "./interruption.ts";

const usage = `Use: npm run backup [-- FOLDER]
  FOLDER is made new; without it the backup goes to backups/ in the data folder.`;

async function run(given: string | undefined): Promise<string> {
  // eslint-disable-next-line no-restricted-syntax -- a command hands its environment to the one reader of it
  const config = parseConfig(process.env);
  const folder = resolve(given ?? `${config.dataDir}/backups/${backupName(new Date())}`);
  if (existsSync(folder))
    return Promise.reject(new Error(`${folder} is there already. Name a new folder.`));
  await mkdir(dirname(folder), { recursive: true, mode: 0o700 });
  const deps = {
    config,
    projectRoot: process.cwd(),
    signal: interruption(),
    onProgress: console.log,
  };
  const written = await runBackup(deps, folder);
  const rows = written.rows.toLocaleString("en");
  return `Backup written to ${written.folder}: ${rows} rows and ${String(written.originals)} originals, ${sizeInWords(written.bytes)}. Keep it somewhere else than on this disk.`;
}

const [folder, ...rest] = process.argv.slice(2);
if (rest.length > 0 || folder?.startsWith("-") === true) {
  console.error(usage);
  process.exitCode = 2;
} else {
  try {
    console.log(await run(folder));
  } catch (error) {
    const isEmpty = isAppError(error, "not_found");
    console.error(isEmpty ? "There is no Drover in this database yet." : failureSentence(error));
    process.exitCode = 1;
  }
}
