import { describe, expect, it } from "vitest";
import type { AnswerSnapshot, ChatEvent } from "../core/chat/events.ts";
import { emptyAnswer, foldAnswer } from "../core/chat/fold-answer.ts";
import { milliseconds } from "../core/time/milliseconds.ts";
import { createFakeClock } from "#testing/fakes/fake-clock.ts";
import { createMemoryAnswerCacheStore } from "#testing/fakes/memory-answer-cache-store.ts";
import { createMemoryRetrieval } from "#testing/fakes/memory-retrieval.ts";
import { createScriptedModels } from "#testing/fakes/scripted-models.ts";
import { answerQuestion } from "./answer-question.ts";
import { createEmbeddingScorer } from "./embedding-scorer.ts";
import { createSemanticCache } from "./semantic-cache.ts";
import { createSharedStreams } from "./shared-streams.ts";

const actor = { userId: "someone", workspaceId: "w", role: "member" } as const;
const text =
  "The warranty of the Aurora 300 pump is 24 months. Seals are not covered by the warranty.";
const question = "How long is the warranty of the Aurora 300 pump?";

/** A model that says always the same, the cache in memory, and one document. */
function startLine(said: string) {
  const clock = createFakeClock();
  const models = createScriptedModels("llama3.2:1b", [said]);
  const found = createMemoryRetrieval(models, [{ title: "Warranty", text }]);
  const hashes = new Map<string, string>();
  const retrieve: typeof found = async (...asked) => {
    const retrieval = await found(...asked);
    for (const { chunkId, contentHash } of retrieval.chunks) hashes.set(chunkId, contentHash);
    return retrieval;
  };
  const store = createMemoryAnswerCacheStore({
    generations: () => new Map([["c", 1]]),
    readableHash: (_, chunkId) => hashes.get(chunkId),
    ended: () => undefined,
  });
  const cache = createSemanticCache({
    ...{ store, clock, answerVersion: "1", fingerprint: () => models.fingerprint() },
    settings: () => ({ answers: true, similar: true }),
    counters: { answer: () => undefined, tier: () => undefined },
    report: (error) => {
      throw error;
    },
  });
  const deps = { retrieve, models, scorer: createEmbeddingScorer({ models, clock }), clock };
  const signal = new AbortController().signal;
  const call = {
    class: "interactive",
    client: "someone",
    deadline: milliseconds(300_000),
    signal,
  } as const;
  const phrasing = createSharedStreams<ChatEvent>();
  const ask = async (isCached: boolean, about = question): Promise<AnswerSnapshot> => {
    const asked = { answerId: "a", question: about, collectionIds: [], history: [] };
    let answer = emptyAnswer;
    const line = isCached ? { ...deps, cache, phrasing } : deps;
    for await (const event of answerQuestion(line, actor, asked, call))
      answer = foldAnswer(answer, event);
    return answer;
  };
  return { ask, asked: models.asked };
}

const isFromCache = ({ notices }: AnswerSnapshot): boolean =>
  notices.some(({ kind }) => kind === "cached");

describe("an answer in a model's words", () => {
  it("is given again as its extract only when its prose failed the check of support", async () => {
    const { ask } = startLine("The warranty of the Aurora 300 pump is 99 years [1].");
    const fresh = await ask(true);
    expect(fresh.sentences.map(({ supported }) => supported)).toEqual([false]);
    const again = await ask(true);
    expect(isFromCache(again)).toBe(true);
    expect(again.quotes).toEqual(fresh.quotes);
    expect(again.sentences).toEqual([]);
  });

  it("is given again word for word when every sentence passed it, and the same without the cache", async () => {
    const { ask } = startLine("The warranty of the Aurora 300 pump is 24 months [1].");
    const fresh = await ask(true);
    expect(fresh.sentences.map(({ supported }) => supported)).toEqual([true]);
    const again = await ask(true);
    expect(isFromCache(again)).toBe(true);
    const without = await ask(false);
    for (const { quotes, sentences, verdict, outcome } of [again, without])
      expect({ quotes, sentences, verdict, outcome }).toEqual({
        ...{ quotes: fresh.quotes, sentences: fresh.sentences },
        ...{ verdict: fresh.verdict, outcome: fresh.outcome },
      });
  });

  it("is phrased once for all who ask the same at the same time, each of whom gets the whole", async () => {
    const { ask, asked } = startLine("The warranty of the Aurora 300 pump is 24 months [1].");
    const about = ["", " ", "  "].map((space) => `${question}${space}`);
    const answers = await Promise.all(about.map((text) => ask(true, text)));
    expect(asked).toHaveLength(1);
    for (const { sentences, outcome } of answers)
      expect({ said: sentences.map(({ text }) => text), outcome }).toEqual({
        said: ["The warranty of the Aurora 300 pump is 24 months."],
        outcome: "complete",
      });
  });

  it("is everybody's own where the question is another one, or the cache is not asked", async () => {
    const { ask, asked } = startLine("The warranty of the Aurora 300 pump is 24 months [1].");
    const other = "How many months is the warranty of the Aurora 300 pump?";
    await Promise.all([ask(true), ask(true, other), ask(false), ask(false)]);
    expect(asked).toHaveLength(4);
  });
});
