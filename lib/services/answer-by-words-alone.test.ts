import { expect, it } from "vitest";
import type { ChatEvent } from "../core/chat/events.ts";
import { milliseconds } from "../core/time/milliseconds.ts";
import { createFakeClock } from "#testing/fakes/fake-clock.ts";
import { createMemoryRetrieval } from "#testing/fakes/memory-retrieval.ts";
import { createScriptedModels } from "#testing/fakes/scripted-models.ts";
import { answerQuestion } from "./answer-question.ts";
import { createEmbeddingScorer } from "./embedding-scorer.ts";
import type { RetrieveChunks } from "./retrieve-chunks.ts";

const truth = "The warranty of the Aurora 300 pump is 24 months long.";
const whole = createMemoryRetrieval(createScriptedModels("x", []), [
  { title: "Warranty", text: "The warranty of the Aurora 300 pump is 24 months." },
]);
const nothing = { chunks: [], vector: null, lexicalOnly: true, ranking: [], terms: [] };

async function ask(
  retrieve: RetrieveChunks,
  isPrewarm = false,
  happened: string[] = [],
): Promise<readonly ChatEvent[]> {
  const clock = createFakeClock();
  const models = createScriptedModels("smollm2:135m", [truth]);
  const own = createEmbeddingScorer({ models, clock });
  const scorer = {
    ...own,
    score: (...asked: Parameters<typeof own.score>) => {
      happened.push("scored");
      return own.score(...asked);
    },
  };
  const question = "How long is the warranty of the Aurora 300 pump?";
  const events: ChatEvent[] = [];
  const answer = answerQuestion(
    { retrieve, models, scorer, clock },
    { userId: "someone", workspaceId: "w", role: "member" },
    { answerId: "a", question, collectionIds: [], history: [], isPrewarm },
    {
      ...{ class: "interactive", client: "someone", deadline: milliseconds(300_000) },
      signal: new AbortController().signal,
    },
  );
  for await (const event of answer) {
    events.push(event);
    happened.push(event.type);
  }
  return events;
}

const kinds = (events: readonly ChatEvent[]): readonly string[] => events.map(({ type }) => type);

it("says so when the sentences were found by words alone", async () => {
  const events = await ask(async (...asked) => ({ ...(await whole(...asked)), lexicalOnly: true }));
  expect(kinds(events).slice(0, 3)).toEqual(["sources", "evidence", "notice"]);
  expect(events[2]).toMatchObject({ kind: "degraded" });
});

it("does not refuse by words alone: it says so, searches again when a node can take it, and answers", async () => {
  const waits: boolean[] = [];
  const events = await ask((who, query, call) => {
    waits.push(query.waitsForVector === true);
    return waits.length === 1 ? Promise.resolve(nothing) : whole(who, query, call);
  });
  expect(waits).toEqual([false, true]);
  expect(kinds(events).slice(0, 5)).toEqual([
    ...["sources", "evidence", "notice"],
    ...["sources", "evidence"],
  ]);
  expect(events[2]).toMatchObject({ kind: "degraded" });
  expect(events[4]).toMatchObject({ verdict: "answerable" });
  expect(events.at(-1)).toMatchObject({ outcome: "complete" });
});

it("keeps the first sources until the quotes of the second search are here, too", async () => {
  const happened: string[] = [];
  let searches = 0;
  const retrieve: RetrieveChunks = (who, query, call) =>
    (searches += 1) === 1 ? Promise.resolve(nothing) : whole(who, query, call);
  await ask(retrieve, false, happened);
  expect(happened.slice(0, 6)).toEqual([
    ...["sources", "evidence", "notice"],
    ...["scored", "sources", "evidence"],
  ]);
});

it("refuses, and has said why, when no node came back in time; prewarming does not wait for one", async () => {
  const waits: boolean[] = [];
  const retrieve: RetrieveChunks = (_who, query) => {
    waits.push(query.waitsForVector === true);
    return Promise.resolve(nothing);
  };
  const events = await ask(retrieve);
  expect(kinds(events)).toEqual(["sources", "evidence", "notice", "text-end"]);
  expect(events.at(-1)).toMatchObject({ outcome: "refused" });
  await ask(retrieve, true);
  expect(waits).toEqual([false, true, false]);
});
