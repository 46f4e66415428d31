import { expect, it } from "vitest";
import { createMemoryStreamLog } from "../adapters/memory/stream-log.ts";
import type { Actor } from "../core/access/actor.ts";
import type { ChatEvent } from "../core/chat/events.ts";
import { AppError } from "../core/errors/app-error.ts";
import { defaultSettings } from "../core/settings/settings.ts";
import { createFakeClock } from "#testing/fakes/fake-clock.ts";
import { createMemoryConversations } from "#testing/fakes/memory-conversations.ts";
import { createRunningAnswers, type RunningAnswers } from "./running-answers.ts";

const someone: Actor = { userId: "someone", workspaceId: "w", role: "member" };
const full = new AppError("cluster_saturated", { retryAfterMs: 3000, queueDepth: 9 });

function start(look: (question: string) => Promise<boolean>, remembered: readonly string[] = []) {
  const clock = createFakeClock();
  const { conversations, answers } = createMemoryConversations();
  const running = createRunningAnswers({
    async *answer(_actor, { answerId, question, onlyKept }) {
      if (question === "known, but gone" && onlyKept !== undefined) throw onlyKept;
      yield { type: "text-end", answerId, outcome: "complete" };
    },
    isAnsweredAlready: (_actor, { question }) => look(question),
    isRememberedAnswer: (_actor, { question }) => remembered.includes(question),
    admission: {
      admit() {
        throw full;
      },
    },
    ...{ conversations, store: answers, clock, owner: "test" },
    log: createMemoryStreamLog({ clock }),
    turnLimits: () => defaultSettings.chat,
    report: () => undefined,
  });
  return { running, conversations, clock };
}

async function seenOf({ events }: Awaited<ReturnType<RunningAnswers["start"]>>) {
  const seen: ChatEvent[] = [];
  for await (const { event } of (await events(new AbortController().signal)) ?? [])
    seen.push(event);
  return seen;
}

it("lets a question in that needs no node when the cluster is full, and refuses it after all when the kept answer has gone", async () => {
  const { running, conversations } = start((question) =>
    Promise.resolve(question.startsWith("known")),
  );
  const { id } = await conversations.create(someone, { title: "t", collectionIds: [] });
  const eventsOf = async (question: string) =>
    seenOf(await running.start(someone, { conversationId: id, question }));
  await expect(eventsOf("new")).rejects.toBe(full);
  expect(await eventsOf("known")).toMatchObject([{ type: "text-end", outcome: "complete" }]);
  expect(await eventsOf("known, but gone")).toMatchObject([
    { type: "error", code: "cluster_saturated" },
    { type: "text-end", outcome: "failed" },
  ]);
});

it("lets a first question in that is remembered to be kept, however long the database takes to say so", async () => {
  // Nobody is told in time whether anything is kept.
  const never = new Promise<boolean>(() => undefined);
  const { running, clock } = start(() => never, ["known", "known, but gone"]);
  const eventsOf = async (question: string) =>
    seenOf(await running.startNew(someone, { title: "t", collectionIds: [], question }));
  const refused = expect(eventsOf("new")).rejects.toBe(full);
  await clock.advance(80);
  await refused;
  expect(await eventsOf("known")).toMatchObject([{ type: "text-end", outcome: "complete" }]);
  // A memory that is wrong gives nothing away: the refusal comes after all.
  expect(await eventsOf("known, but gone")).toMatchObject([
    { type: "error", code: "cluster_saturated" },
    { type: "text-end", outcome: "failed" },
  ]);
});
