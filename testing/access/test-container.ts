import { fileURLToPath } from "node:url";
import { createAccountProvider } from "#lib/adapters/auth/account-provider.ts";
import { createPasswordHasher } from "#lib/adapters/auth/password-hasher.ts";
import { createAnswerStore } from "#lib/adapters/database/answer-store.ts";
import { createAuditLog } from "#lib/adapters/database/audit-log.ts";
import { createCollectionStore } from "#lib/adapters/database/collection-store.ts";
import { type DatabaseConnection, openDatabase } from "#lib/adapters/database/connection.ts";
import { createConversationStore } from "#lib/adapters/database/conversation-store.ts";
import { createDocumentStore } from "#lib/adapters/database/document-store.ts";
import { createMemoryStreamLog } from "#lib/adapters/memory/stream-log.ts";
import { createSystemClock } from "#lib/adapters/system/clock.ts";
import type { Actor } from "#lib/core/access/actor.ts";
import type { ChatEvent } from "#lib/core/chat/events.ts";
import { parseConfig } from "#lib/config.ts";
import type { Container } from "#lib/container.ts";
import { createAttemptThrottle } from "#lib/services/attempt-throttle.ts";
import { createRunningAnswers } from "#lib/services/running-answers.ts";
import { createSetUp } from "#lib/services/set-up.ts";
import { createSignIn } from "#lib/services/sign-in.ts";
import { Readable } from "node:stream";
import { startTestDatabase } from "../services/test-database.ts";

const workerFile = fileURLToPath(
  new URL("../../lib/adapters/auth/password.worker.ts", import.meta.url),
);

export interface TestContainer {
  readonly container: Container;
  readonly connection: DatabaseConnection;
  readonly publishedLinks: readonly string[];
  close(): Promise<void>;
}

/** Answers without a model, and never ends by itself: what is under test is who may start, read and stop one. */
async function* scriptedAnswer(
  _actor: Actor,
  asked: { readonly question: string },
  call: { readonly signal: AbortSignal },
): AsyncGenerator<ChatEvent, void> {
  yield { type: "text-delta", text: `You asked: ${asked.question}` };
  await new Promise((_resolve, reject) => {
    call.signal.addEventListener("abort", () => {
      reject(call.signal.reason as Error);
    });
  });
}

/** The real services and stores over a real database; only what needs a model or a file store is scripted. */
export async function createTestContainer(
  environment: Readonly<Record<string, string>> = {},
): Promise<TestContainer> {
  const database = await startTestDatabase();
  const connection = await openDatabase({ url: database.url, maxConnections: 4 });
  const { db } = connection;
  const clock = createSystemClock();
  const config = parseConfig({ ...environment }, "/nowhere");
  const passwords = createPasswordHasher({ workerFile, longestQueue: 200 });
  const origin = config.publicOrigin ?? `http://127.0.0.1:${config.port}`;
  const provider = createAccountProvider({
    db,
    passwords,
    settings: { secret: "for tests only: 0123456789abcdefghijklmnop", origin },
  });
  const audit = createAuditLog({ db });
  const throttle = createAttemptThrottle({ clock });
  const publishedLinks: string[] = [];
  const links = {
    publish: async (link: string) => void publishedLinks.push(link),
    withdraw: async () => undefined,
  };
  const conversations = createConversationStore({ db });
  const documents = createDocumentStore({ database: db });
  const container: Container = {
    accounts: {
      ...provider,
      ...createSignIn({ accounts: provider, audit, throttle }),
      ...createSetUp({ accounts: provider, audit, links, origin }),
    },
    collections: createCollectionStore({ db }),
    documents,
    conversations,
    files: { open: async () => Readable.from([Buffer.from("the original")]) },
    runningAnswers: createRunningAnswers({
      answer: scriptedAnswer,
      conversations,
      store: createAnswerStore({ db }),
      log: createMemoryStreamLog({ clock }),
      clock,
      owner: "test",
      report: (error) => {
        throw error;
      },
    }),
    async uploadDocument(actor, { collectionId, fileName, content }) {
      let bytes = 0;
      for await (const part of content) bytes += part.byteLength;
      const contentHash = `${fileName}-${bytes}`.padEnd(64, "0").slice(0, 64);
      return documents.create(actor, {
        collectionId,
        fileName,
        title: fileName,
        mediaType: "text/plain",
        bytes,
        contentHash,
        fileKey: contentHash,
      });
    },
    demoCorpus: {
      status: async () => ({ installed: false, collectionId: null }),
      install: async () => ({ collectionId: "00000000-0000-4000-8000-000000000000" }),
      remove: async () => undefined,
    },
    suggestedQuestions: async () => [],
    clusterStatus: async () => ({ state: "ok", messages: [] }),
    readiness: async () => true,
    audit,
    clock,
    config,
  };
  Reflect.set(globalThis, Symbol.for("drover.container"), Promise.resolve(container));
  return {
    container,
    connection,
    publishedLinks,
    async close() {
      await passwords.dispose();
      await connection.close();
      await database.close();
    },
  };
}
