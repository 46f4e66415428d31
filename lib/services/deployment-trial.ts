import type { Actor } from "../core/access/actor.ts";
import type { ChatEvent } from "../core/chat/events.ts";
import { milliseconds } from "../core/time/milliseconds.ts";
import type { ModelCall } from "../local-models.ts";
import type { Clock } from "../ports/clock.ts";
import type { CollectionStore } from "../ports/collection-store.ts";
import type { TrialAnswer } from "../ports/deployment-facts.ts";
import type { DocumentStore } from "../ports/document-store.ts";
import type { AskedQuestion } from "./asked-question.ts";
import type { UploadDocument } from "./upload-document.ts";

export interface DeploymentTrialDeps {
  readonly clock: Clock;
  readonly collections: Pick<CollectionStore, "create">;
  readonly documents: Pick<DocumentStore, "list">;
  readonly upload: UploadDocument;
  /** What must run beside it: probes and workers. */
  readonly loops: readonly ((signal: AbortSignal) => Promise<void>)[];
  readonly isReady: () => boolean;
  readonly answer: (
    actor: Actor,
    asked: AskedQuestion,
    call: ModelCall,
  ) => AsyncGenerator<ChatEvent, void>;
}

const lookEveryMs = 100;
const readyPatienceMs = 120_000;
const readingPatienceMs = 120_000;
const answerPatienceMs = 120_000;

async function* bytesOf(text: string): AsyncGenerator<Uint8Array> {
  await Promise.resolve();
  yield new TextEncoder().encode(text);
}

/** Waits until `done` answers true. @throws Error saying what did not happen */
async function until(
  clock: Clock,
  patienceMs: number,
  done: () => boolean | Promise<boolean>,
  otherwise: string,
): Promise<void> {
  const giveUpAt = clock.now() + patienceMs;
  while (!(await done())) {
    if (clock.now() > giveUpAt) throw new Error(otherwise);
    await clock.sleep(lookEveryMs);
  }
}

async function isRead(
  deps: DeploymentTrialDeps,
  actor: Actor,
  collectionId: string,
): Promise<boolean> {
  const [document] = await deps.documents.list(actor, { collectionId });
  if (document?.status === "failed")
    throw new Error(
      `the document could not be read: ${document.failure?.reason ?? "unknown reason"}`,
    );
  return document?.status === "ready";
}

async function readAnswer(
  deps: DeploymentTrialDeps,
  actor: Actor,
  asked: AskedQuestion,
  signal: AbortSignal,
): Promise<Omit<TrialAnswer, "readingMs">> {
  const { clock } = deps;
  const askedAt = clock.now();
  const call: ModelCall = {
    class: "interactive",
    client: actor.userId,
    deadline: milliseconds(askedAt + answerPatienceMs),
    signal,
  };
  let quotes: readonly string[] = [];
  let outcome = "no end";
  let evidenceMs = 0;
  for await (const event of deps.answer(actor, asked, call)) {
    if (event.type === "evidence") {
      quotes = event.quotes.map((quote) => quote.text);
      evidenceMs = clock.now() - askedAt;
    }
    if (event.type === "text-end") outcome = event.outcome;
  }
  return { quotes, outcome, evidenceMs };
}

/** Uploads a document as a person would, waits until it is read, and asks about it. */
export const createDeploymentTrial =
  (deps: DeploymentTrialDeps) =>
  async (
    actor: Actor,
    document: { readonly name: string; readonly text: string },
    question: string,
  ): Promise<TrialAnswer> => {
    const { clock } = deps;
    const ending = new AbortController();
    const { signal } = ending;
    const running = Promise.all(deps.loops.map((loop) => loop(signal)));
    try {
      await until(clock, readyPatienceMs, deps.isReady, "no node has both models in memory");
      const startedAt = clock.now();
      const { id } = await deps.collections.create(actor, {
        name: "Deployment check",
        visibility: "private",
      });
      const content = bytesOf(document.text);
      await deps.upload(actor, { collectionId: id, fileName: document.name, content }, signal);
      await until(
        clock,
        readingPatienceMs,
        () => isRead(deps, actor, id),
        "the document was not read in two minutes",
      );
      const readingMs = clock.now() - startedAt;
      const asked = { answerId: "deployment-check", question, collectionIds: [id], history: [] };
      return { ...(await readAnswer(deps, actor, asked, signal)), readingMs };
    } finally {
      ending.abort(new Error("the trial is over"));
      await running;
    }
  };
