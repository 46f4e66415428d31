import { join } from "node:path";
import { createAccountProvider } from "./adapters/auth/account-provider.ts";
import { createPasswordHasher } from "./adapters/auth/password-hasher.ts";
import { createSetupLinkFile } from "./adapters/auth/setup-link-file.ts";
import { createAuditLog } from "./adapters/database/audit-log.ts";
import { openDatabase } from "./adapters/database/connection.ts";
import type { Database } from "./adapters/database/typed-database.ts";
import { createSystemClock } from "./adapters/system/clock.ts";
import { readSecretFile } from "./adapters/system/secret-file.ts";
import type { Actor } from "./core/access/actor.ts";
import { AppError } from "./core/errors/app-error.ts";
import type { Config } from "./config.ts";
import type { AccountProvider } from "./ports/accounts.ts";
import type { AuditLog } from "./ports/audit-log.ts";
import type { Clock } from "./ports/clock.ts";
import type { CollectionStore } from "./ports/collection-store.ts";
import type { ConversationStore } from "./ports/conversation-store.ts";
import type { DocumentStore, DocumentSummary } from "./ports/document-store.ts";
import type { FileStore } from "./ports/file-store.ts";
import type { RunningAnswers } from "./services/running-answers.ts";
import { createAttemptThrottle } from "./services/attempt-throttle.ts";
import { createSetUp, type SetUp } from "./services/set-up.ts";
import { createSignIn, type SignIn } from "./services/sign-in.ts";

/** What routes, pages and commands may use. */
export interface Container {
  readonly accounts: Pick<
    AccountProvider,
    "authenticate" | "identity" | "sessions" | "endSession"
  > &
    SignIn &
    SetUp;
  readonly collections: CollectionStore;
  readonly documents: DocumentStore;
  readonly conversations: ConversationStore;
  readonly files: Pick<FileStore, "open">;
  readonly runningAnswers: Pick<RunningAnswers, "start" | "events" | "stop">;
  uploadDocument(
    actor: Actor,
    upload: {
      readonly collectionId: string;
      readonly fileName: string;
      readonly content: AsyncIterable<Uint8Array>;
    },
    signal: AbortSignal,
  ): Promise<{ readonly document: DocumentSummary; readonly duplicate: boolean }>;
  readonly demoCorpus: {
    status(
      actor: Actor,
    ): Promise<{ readonly installed: boolean; readonly collectionId: string | null }>;
    install(actor: Actor): Promise<{ readonly collectionId: string }>;
    remove(actor: Actor): Promise<void>;
  };
  suggestedQuestions(
    actor: Actor,
    collectionIds: readonly string[],
    signal: AbortSignal,
  ): Promise<readonly string[]>;
  clusterStatus(): Promise<{
    readonly state: "ok" | "starting" | "degraded";
    readonly messages: readonly { readonly code: string; readonly text: string }[];
  }>;
  readiness(): Promise<boolean>;
  readonly audit: AuditLog;
  readonly clock: Clock;
  readonly config: Config;
}

const slot = Symbol.for("drover.container");

/** Puts the container where every copy of this module finds it: Next compiles routes and instrumentation apart. */
export function provideContainer(container: Promise<Container>): void {
  Reflect.set(globalThis, slot, container);
}

export async function getContainer(): Promise<Container> {
  const container = Reflect.get(globalThis, slot) as Promise<Container> | undefined;
  if (container === undefined)
    throw new AppError("database_unavailable", { reason: "the container is not composed yet" });
  return container;
}

/** Everything about people over one database; the app and `npm run admin` compose it alike. */
export function composeAccounts(
  deps: { readonly db: Database; readonly clock: Clock; readonly secret: string },
  config: Config,
): {
  readonly accounts: Container["accounts"];
  readonly audit: AuditLog;
  dispose(): Promise<void>;
} {
  const { db, clock, secret } = deps;
  const origin = config.publicOrigin ?? `http://${config.host}:${config.port}`;
  const passwords = createPasswordHasher({
    // Run unbundled: Next would otherwise look for it in its own output.
    workerFile: join(
      /* turbopackIgnore: true */ process.cwd(),
      "lib/adapters/auth/password.worker.ts",
    ),
  });
  const provider = createAccountProvider({ db, settings: { secret, origin }, passwords });
  const audit = createAuditLog({ db });
  const links = createSetupLinkFile({
    path: join(config.dataDir, "setup-link"),
    log: (line) => {
      console.log(line);
    },
  });
  return {
    accounts: {
      ...provider,
      ...createSignIn({ accounts: provider, audit, throttle: createAttemptThrottle({ clock }) }),
      ...createSetUp({ accounts: provider, audit, links, origin }),
    },
    audit,
    dispose: () => passwords.dispose(),
  };
}

/** For commands: the accounts of the database that `DATABASE_URL` names. Throws `database_unavailable`. */
export async function openAccounts(
  config: Config,
): Promise<{ readonly accounts: Container["accounts"]; close(): Promise<void> }> {
  if (config.databaseUrl === undefined)
    throw new AppError("database_unavailable", { reason: "DATABASE_URL is not set" });
  const connection = await openDatabase({ url: config.databaseUrl, maxConnections: 1 });
  const secret = await readSecretFile(config.secretFile);
  const composed = composeAccounts(
    { db: connection.db, clock: createSystemClock(), secret },
    config,
  );
  return {
    accounts: composed.accounts,
    async close() {
      await composed.dispose();
      await connection.close();
    },
  };
}

export function startInBackground(): void {
  // The lead's composition follows.
}
