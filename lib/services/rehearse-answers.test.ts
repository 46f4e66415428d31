import { beforeAll, describe, expect, it } from "vitest";
import { retrievalSettings } from "../core/rag/rank-candidates.ts";
import { answerQuestion, type AnswerQuestionDeps } from "./answer-question.ts";
import { rehearse, type Rehearsal } from "./rehearse-answers.ts";
import { createRetrieveChunks } from "./retrieve-chunks.ts";

const whole = (text: string): string => text;

type Line = Parameters<typeof rehearse>[0];

describe("what answers and searches are made by", () => {
  let usual: Rehearsal;
  beforeAll(async () => {
    usual = await rehearse(answerQuestion, whole);
  });

  const changed = (change: (deps: AnswerQuestionDeps) => Partial<AnswerQuestionDeps>): Line =>
    async function* (deps, ...asked) {
      yield* answerQuestion({ ...deps, ...change(deps) }, ...asked);
    };

  it("has one name as long as nothing changes", async () => {
    expect(await rehearse(answerQuestion, whole)).toEqual(usual);
  });

  it.each<[string, Line]>([
    ["a word of a prompt", toldOtherwise((content) => `${content} Be brief.`)],
    ["a temperature", sampledOtherwise({ temperature: 0.7 })],
    ["a limit of tokens", sampledOtherwise({ maxTokens: 64 })],
    ["how near sentences are held to be", scoredOtherwise()],
    ["fewer passages", fewerPassages()],
    ["what is shown of an answer", withoutSentences()],
  ])("has another after a change of %s", async (_, line) => {
    const { answers, searches } = await rehearse(line, whole);
    expect(answers).not.toBe(usual.answers);
    expect(searches).toBe(usual.searches);
  });

  it("names a search anew when its weights or its candidates change, and its answers with it", async () => {
    for (const change of [{ lexicalCandidates: 1 }, { vectorCandidates: 1 }]) {
      const settings = { ...retrievalSettings, ...change };
      const other = await rehearse(answerQuestion, whole, (deps) => {
        const retrieve = createRetrieveChunks(deps);
        return (actor, query, call) => retrieve(actor, { ...query, settings }, call);
      });
      expect(other.searches).not.toBe(usual.searches);
      expect(other.answers).not.toBe(usual.answers);
    }
  });

  function toldOtherwise(change: (content: string) => string): Line {
    return changed(({ models }) => ({
      models: {
        ...models,
        chat: (request, call) =>
          models.chat(
            {
              ...request,
              messages: request.messages.map((one) => ({ ...one, content: change(one.content) })),
            },
            call,
          ),
      },
    }));
  }

  function sampledOtherwise(options: { temperature?: number; maxTokens?: number }): Line {
    return changed(({ models }) => ({
      models: {
        ...models,
        chat: (request, call) =>
          models.chat({ ...request, options: { ...request.options, ...options } }, call),
      },
    }));
  }

  function scoredOtherwise(): Line {
    return changed(({ scorer }) => ({
      scorer: {
        ...scorer,
        score: async (request, call) =>
          (await scorer.score(request, call))?.map((nearness) => 1 - nearness) ?? null,
      },
    }));
  }

  function fewerPassages(): Line {
    return changed(({ retrieve }) => ({
      retrieve: (actor, query, call) => retrieve(actor, { ...query, limit: 2 }, call),
    }));
  }

  function withoutSentences(): Line {
    return async function* (...asked) {
      for await (const event of answerQuestion(...asked))
        if (event.type !== "sentence") yield event;
    };
  }
});
