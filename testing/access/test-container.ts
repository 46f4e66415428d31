import { mkdtemp, rm } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { fileURLToPath } from "node:url";
import { createAnswerStore } from "#lib/adapters/database/answer-store.ts";
import { type DatabaseConnection, openDatabase } from "#lib/adapters/database/connection.ts";
import { createMemoryStreamLog } from "#lib/adapters/memory/stream-log.ts";
import { createContainer, type RunningContainer } from "#lib/composition/create-container.ts";
import { parseConfig } from "#lib/config.ts";
import type { Container } from "#lib/container.ts";
import type { Actor } from "#lib/core/access/actor.ts";
import type { ChatEvent } from "#lib/core/chat/events.ts";
import { createRunningAnswers } from "#lib/services/running-answers.ts";
import { startTestDatabase } from "../services/test-database.ts";

const projectRoot = fileURLToPath(new URL("../../", import.meta.url));

export interface TestContainer {
  readonly container: Container;
  /** A connection of the test's own, for what no route does. */
  readonly connection: DatabaseConnection;
  /** Everything that the program said. */
  readonly lines: readonly string[];
  close(): Promise<void>;
}

/** Never ends by itself: what is under test is who may start, read and stop one. */
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

const openDoor = { admit: () => undefined };

const scriptedAnswers = (real: RunningContainer, connection: DatabaseConnection) =>
  createRunningAnswers({
    isAnsweredAlready: () => Promise.resolve(false),
    isRememberedAnswer: () => false,
    answer: scriptedAnswer,
    conversations: real.conversations,
    store: createAnswerStore({ db: connection.db }),
    log: createMemoryStreamLog({ clock: real.clock }),
    clock: real.clock,
    owner: "test",
    turnLimits: () => real.settings.current().chat,
    admission: openDoor,
    report: (error) => {
      throw error;
    },
  });

/** The whole program over a real database, without nodes: no route may need one to decide who may do what. */
export async function createTestContainer(
  answers: "real" | "scripted" = "real",
  environment: Readonly<Record<string, string>> = {},
): Promise<TestContainer> {
  const database = await startTestDatabase();
  const dataDir = await mkdtemp(join(tmpdir(), "drover-access-"));
  const config = parseConfig({
    DATABASE_URL: database.url,
    DROVER_DATA_DIR: dataDir,
    OLLAMA_NODES: "http://127.0.0.1:9",
    ...environment,
  });
  const lines: string[] = [];
  const writeLine = (line: string) => void lines.push(line);
  const real = await createContainer({ config, projectRoot, writeLine });
  const connection = await openDatabase({ url: database.url, maxConnections: 4 });
  const container: Container =
    answers === "real" ? real : { ...real, runningAnswers: scriptedAnswers(real, connection) };
  Reflect.set(globalThis, Symbol.for("drover.container"), Promise.resolve(container));
  return {
    container,
    connection,
    lines,
    async close() {
      await real.dispose();
      await connection.close();
      await database.close();
      await rm(dataDir, { recursive: true, force: true });
    },
  };
}
