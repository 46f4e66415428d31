import { expect, it } from "vitest";
import { createMemoryStreamLog } from "../adapters/memory/stream-log.ts";
import type { Actor } from "../core/access/actor.ts";
import type { ChatEvent } from "../core/chat/events.ts";
import { AppError } from "../core/errors/app-error.ts";
import { defaultSettings } from "../core/settings/settings.ts";
import { createFakeClock } from "#testing/fakes/fake-clock.ts";
import { createMemoryConversations } from "#testing/fakes/memory-conversations.ts";
import { createRunningAnswers } from "./running-answers.ts";

const someone: Actor = { userId: "someone", workspaceId: "w", role: "member" };
const full = new AppError("cluster_saturated", { retryAfterMs: 3000, queueDepth: 9 });

it("lets a question in that needs no node when the cluster is full, and refuses it after all when the kept answer has gone", async () => {
  const clock = createFakeClock();
  const { conversations, answers } = createMemoryConversations();
  const running = createRunningAnswers({
    async *answer(_actor, { answerId, question, onlyKept }) {
      if (question === "known, but gone" && onlyKept !== undefined) throw onlyKept;
      yield { type: "text-end", answerId, outcome: "complete" };
    },
    isAnsweredAlready: (_actor, { question }) => Promise.resolve(question.startsWith("known")),
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
  const { id } = await conversations.create(someone, { title: "t", collectionIds: [] });
  const eventsOf = async (question: string): Promise<readonly ChatEvent[]> => {
    const { events } = await running.start(someone, { conversationId: id, question });
    const seen: ChatEvent[] = [];
    for await (const { event } of (await events(new AbortController().signal)) ?? [])
      seen.push(event);
    return seen;
  };
  await expect(eventsOf("new")).rejects.toBe(full);
  expect(await eventsOf("known")).toMatchObject([{ type: "text-end", outcome: "complete" }]);
  expect(await eventsOf("known, but gone")).toMatchObject([
    { type: "error", code: "cluster_saturated" },
    { type: "text-end", outcome: "failed" },
  ]);
});
