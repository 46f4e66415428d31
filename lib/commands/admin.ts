// npm run admin -- setup-link | reset-password EMAIL
// Prints a one-time link for the database that DATABASE_URL names; npm run admin sets it to that of the running Drover.
import { parseConfig } from "../config.ts";
import { openAccounts } from "../container.ts";
import { isAppError } from "../core/errors/app-error.ts";

const usage = `Use one of:
  npm run admin -- setup-link             a new link for the first admin, good for 15 minutes
  npm run admin -- reset-password EMAIL   a link to choose a new password, good for an hour`;

type Task =
  { readonly kind: "setup-link" } | { readonly kind: "reset-password"; readonly email: string };

function taskOf(args: readonly string[]): Task | null {
  const [verb, email, ...rest] = args;
  if (verb === "setup-link" && email === undefined) return { kind: "setup-link" };
  if (verb === "reset-password" && email !== undefined && rest.length === 0)
    return { kind: "reset-password", email };
  return null;
}

async function run(task: Task): Promise<string> {
  // eslint-disable-next-line no-restricted-syntax -- a command hands its environment to the one reader of it
  const opened = await openAccounts(parseConfig(process.env));
  try {
    switch (task.kind) {
      case "setup-link":
        return (await opened.accounts.announce()) === null
          ? "Drover is set up already. For a lost password: npm run admin -- reset-password EMAIL"
          : "The link works once.";
      case "reset-password":
        return await opened.accounts.resetLink(task.email);
      default:
        return task satisfies never;
    }
  } finally {
    await opened.close();
  }
}

function sentenceFor(error: unknown): string {
  if (isAppError(error, "not_found")) return "Nobody has this e-mail address.";
  if (isAppError(error, "config_invalid")) return error.details.faults.join("\n");
  if (isAppError(error, "database_unavailable"))
    return "The database does not answer. Start Drover first: npm start";
  return error instanceof Error ? error.message : "This failed for an unknown reason.";
}

const task = taskOf(process.argv.slice(2));
if (task === null) {
  console.error(usage);
  process.exitCode = 2;
} else {
  try {
    console.log(await run(task));
  } catch (error) {
    console.error(sentenceFor(error));
    process.exitCode = 1;
  }
}
