// npm run move-to-postgres -- postgres://USER:PASSWORD@HOST:5432/DATABASE
// Copies the embedded database, which DATABASE_URL names here, into an empty Postgres, and compares every row. With --check it only
// looks whether that Postgres can be moved to.
import { parseConfig } from "../config.ts";
import { checkMove, runMove } from "../container.ts";
import { isAppError } from "../core/errors/app-error.ts";
import { failureSentence } from "./failure-sentence.ts";
import { interruption } from "./interruption.ts";

async function run(to: string, isCheck: boolean): Promise<string | null> {
  // eslint-disable-next-line no-restricted-syntax -- a command hands its environment to the one reader of it
  const config = parseConfig(process.env);
  parseConfig({ DATABASE_URL: to }); // says what is wrong with the address
  const deps = {
    config,
    projectRoot: process.cwd(),
    signal: interruption(),
    onProgress: console.log,
  };
  if (isCheck) {
    await checkMove(deps, to);
    return null;
  }
  const rows = await runMove(deps, to);
  return `${rows.toLocaleString("en")} rows are in Postgres and compared. The originals stay where they are.`;
}

function sentenceFor(error: unknown): string {
  if (isAppError(error, "name_taken"))
    return "That Postgres holds a Drover already. Name an empty database. Nothing was changed.";
  if (isAppError(error, "conflict"))
    return "A Drover is connected to that Postgres. Stop it first. Nothing was changed.";
  if (isAppError(error, "not_found")) return "There is no embedded database to move.";
  return failureSentence(error);
}

const [to, check, ...rest] = process.argv.slice(2);
if (to === undefined || rest.length > 0 || (check !== undefined && check !== "--check")) {
  console.error("Use: npm run move-to-postgres -- postgres://USER:PASSWORD@HOST:5432/DATABASE");
  process.exitCode = 2;
} else {
  try {
    const done = await run(to, check !== undefined);
    if (done !== null) console.log(done);
  } catch (error) {
    console.error(sentenceFor(error));
    process.exitCode = 1;
  }
}
