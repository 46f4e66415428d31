// npm run restore -- FOLDER [--yes]
// Puts a backup in the place of the database that DATABASE_URL names; for the embedded one npm run restore sets it to a new one
// beside it, which takes its place when this ends well.
import { resolve } from "node:path";
import { createInterface } from "node:readline/promises";
import { parseArgs } from "node:util";
import { parseConfig } from "../config.ts";
import { checkUse, openBackup, openRestore, openSnapshot, seenSnapshot } from "../container.ts";
import { isAppError } from "../core/errors/app-error.ts";
import { failureSentence } from "./failure-sentence.ts";
import { interruption } from "./interruption.ts";
import { ownTurn } from "./own-turn.ts";

const usage = `Use: npm run restore -- FOLDER [--yes]
  FOLDER is what npm run backup wrote. --yes asks nothing.`;

async function confirmed(question: string, signal: AbortSignal): Promise<boolean> {
  if (!process.stdin.isTTY) return false;
  const terminal = createInterface({ input: process.stdin, output: process.stdout });
  try {
    return (await terminal.question(`${question} Type yes: `, { signal })).trim() === "yes";
  } finally {
    terminal.close();
  }
}

interface Choices {
  readonly yes: boolean;
  readonly replaces: boolean;
  readonly running: boolean;
  readonly shared: boolean;
  readonly snapshot: boolean;
  readonly look: boolean;
  readonly seen: boolean;
}

async function ask(isNeeded: boolean, signal: AbortSignal): Promise<void> {
  const question = "It takes the place of everything that is in this Drover now.";
  if (isNeeded && !(await confirmed(question, signal)))
    throw new Error("Nothing was changed. Say --yes, or type yes when asked.");
}

async function run(folder: string, choices: Choices): Promise<string> {
  const { yes: saidYes, replaces, running, snapshot } = choices;
  // eslint-disable-next-line no-restricted-syntax -- a command hands its environment to the one reader of it
  const config = parseConfig(process.env);
  const signal = interruption();
  const deps = { config, projectRoot: process.cwd(), signal, onProgress: console.log };
  if (choices.look) {
    const backup = snapshot ? seenSnapshot : await openBackup(deps, folder);
    console.log(backup.what);
    if (choices.shared) await checkUse(deps);
    await backup.verify();
    await ask((replaces || running) && !saidYes, signal);
    return choices.shared
      ? "It is filled in beside what is there; once that begins, Drover only reads …"
      : "Its database is made …";
  }
  const restore = await (snapshot
    ? openSnapshot(deps, folder)
    : openRestore(deps, folder, {
        isVerified: choices.seen,
        ...(choices.shared ? { endOwn: ownTurn } : {}),
      }));
  try {
    if (!choices.seen) {
      console.log(restore.what);
      await ask(restore.existing > 0 && !saidYes, signal);
    }
    await restore.run();
    return running
      ? "It is ready. Drover starts again with it …"
      : "It is in place. Start Drover: npm start";
  } finally {
    await restore.close();
  }
}

function sentenceFor(error: unknown): string {
  if (isAppError(error, "not_found"))
    return "This folder is no whole backup: it has no manifest.json. Nothing was changed.";
  if (isAppError(error, "conflict"))
    return "Another Drover uses this database. Stop it first. Nothing was changed.";
  return failureSentence(error);
}

const { values, positionals } = parseArgs({
  options: {
    yes: { type: "boolean", default: false },
    // Said by npm run restore: the database that it fills will take the place of another.
    replaces: { type: "boolean", default: false },
    // Likewise: by a Drover that runs and is started again.
    running: { type: "boolean", default: false },
    // Likewise: it uses the Postgres of DATABASE_URL, and ends when it is told that all is filled in.
    shared: { type: "boolean", default: false },
    // Likewise: there is no database yet, for it is to be seen first whether one is to be made.
    look: { type: "boolean", default: false },
    // Likewise: that was done.
    seen: { type: "boolean", default: false },
    // Likewise: FOLDER is a snapshot, and the database is its copy already.
    snapshot: { type: "boolean", default: false },
  },
  allowPositionals: true,
});
const [folder, ...rest] = positionals;
if (folder === undefined || rest.length > 0) {
  console.error(usage);
  process.exitCode = 2;
} else {
  try {
    console.log(await run(resolve(folder), values));
  } catch (error) {
    console.error(sentenceFor(error));
    process.exitCode = 1;
  }
}
