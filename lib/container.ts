import { setTimeout as delay } from "node:timers/promises";
import { openDatabase } from "./adapters/database/connection.ts";
import { createSystemClock } from "./adapters/system/clock.ts";
import { readSecretFile } from "./adapters/system/secret-file.ts";
import {
  createContainer,
  type ContainerOptions,
  type RunningContainer,
} from "./composition/create-container.ts";
import { composeAccounts, type Accounts } from "./composition/people.ts";
import type { Config } from "./config.ts";
import { AppError, isAppError } from "./core/errors/app-error.ts";
import type { Container } from "./composition/container-shape.ts";

export type { Container };

const retryEveryMs = 500;
const databasePatienceMs = 60_000;
const notStartedMs = 1000;
const slot = Symbol.for("drover.container");

/** The one container of this process, held where every copy of this module finds it: Next compiles routes and instrumentation apart. */
export async function getContainer(): Promise<Container> {
  const container = Reflect.get(globalThis, slot) as Promise<Container> | undefined;
  if (container === undefined)
    throw new AppError("database_unavailable", { reason: "the program is still starting" });
  return container;
}

const writeLine = (line: string): void => {
  console.log(line);
};

/** Composes the program and starts what runs without being asked. Returns at once: pages say that Drover is starting. */
export function startInBackground(config: Config): void {
  const projectRoot = /* turbopackIgnore: true */ process.cwd();
  const started = startUntilItWorks({ config, projectRoot, writeLine });
  Reflect.set(globalThis, slot, started);
  started.catch((error: unknown) => {
    // The supervisor shows the last line of a part that does not come up.
    writeLine(fatalSentence(error));
    process.exit(1);
  });
  process.once("SIGTERM", () => void stopAndExit(started));
  process.once("SIGINT", () => void stopAndExit(started));
}

function fatalSentence(error: unknown): string {
  if (isAppError(error, "config_invalid")) return error.details.faults.join("\n");
  if (isAppError(error, "database_newer")) return error.message;
  if (isAppError(error, "database_unavailable")) {
    const reason = error.details.reason ?? "no answer";
    return `The database does not answer (${reason}). Start it, or correct DATABASE_URL.`;
  }
  return `Drover could not start: ${error instanceof Error ? error.message : "unknown fault"}`;
}

async function startUntilItWorks(options: ContainerOptions): Promise<RunningContainer> {
  const giveUpAt = performance.now() + databasePatienceMs;
  for (;;) {
    try {
      const container = await createContainer(options);
      await container.startBackground();
      return container;
    } catch (error) {
      // The embedded database may still be opening.
      const mayCome = isAppError(error, "database_unavailable") && performance.now() < giveUpAt;
      if (!mayCome) throw error;
      await delay(retryEveryMs);
    }
  }
}

/** What has not started yet has nothing to write down. */
async function stopAndExit(started: Promise<RunningContainer>): Promise<void> {
  const notYet = delay(notStartedMs, undefined);
  const container = await Promise.race([started, notYet]).catch(() => undefined);
  await container?.dispose().catch(() => undefined);
  process.exit(0);
}

export {
  checkMove,
  checkUse,
  openBackup,
  openRestore,
  openSnapshot,
  runBackup,
  runMove,
  seenSnapshot,
} from "./composition/backups.ts";
export { findingsOf } from "./composition/deployment.ts";
export { evaluationKinds, runEvaluation } from "./composition/evaluations.ts";

/** For commands: the accounts of the database that `DATABASE_URL` names. Throws `database_unavailable`. */
export async function openAccounts(
  config: Config,
): Promise<{ readonly accounts: Accounts; close(): Promise<void> }> {
  if (config.databaseUrl === undefined)
    throw new AppError("database_unavailable", { reason: "DATABASE_URL is not set" });
  const connection = await openDatabase({ url: config.databaseUrl, maxConnections: 1 });
  const secret = await readSecretFile(config.secretFile);
  const clock = createSystemClock();
  const { db, preparing } = connection;
  const deps = { db, preparing, clock, secret, writeLine };
  const people = composeAccounts(deps, config, process.cwd());
  return {
    accounts: people.accounts,
    async close() {
      await people.dispose();
      await connection.close();
    },
  };
}
