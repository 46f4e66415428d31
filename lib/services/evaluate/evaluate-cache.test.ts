import { describe, expect, it } from "vitest";
import { createMemoryAnswerCacheStore } from "#testing/fakes/memory-answer-cache-store.ts";
import { createFakeClock } from "#testing/fakes/fake-clock.ts";
import { createMemoryEvaluationData } from "#testing/fakes/memory-evaluation-data.ts";
import { createScriptedModels } from "#testing/fakes/scripted-models.ts";
import { createScriptedScorer, noScorer } from "#testing/fakes/scripted-scorer.ts";
import { startTieredCache } from "#testing/services/memory-cache.ts";
import { isAppError } from "../../core/errors/app-error.ts";
import type { PairScorer } from "../../ports/pair-scorer.ts";
import type { EvaluationData } from "../../ports/evaluation-data.ts";
import { createSameQuestion } from "../same-question.ts";
import { createScorerCalibrations } from "../scorer-calibration.ts";
import { createEvaluateCache } from "./evaluate-cache.ts";

const pair = (id: string, a: string, b: string, same: boolean) => ({ id, a, b, same, set: "own" });
const pairs = [
  pair("1", "What is a pump?", "what is a pump", true),
  pair("2", "How do I open the valve?", "How can I open a valve?", true),
  pair("3", "How do I open the valve?", "How do I close the valve?", false),
  pair("4", "How do I open the valve?", "How can I open my valve?", false),
  pair("5", "How do I drain the tank?", "What is the best way to drain a tank?", false),
];

const space = { model: "fake", engine: "fake", digest: "", dimension: 2 };
const unused = () => Promise.reject(new Error("not asked for"));
/** Near misses and wordings of the same that a stand-in scores by whether their first letters are equal. */
const scoring = (scorer: PairScorer) => {
  const clock = createFakeClock();
  const calibrations = createScorerCalibrations({
    ...{ scorer, clock, tiers: startTieredCache(clock) },
    quiet: { run: (work, signal) => work(signal) },
    pairs: () =>
      Promise.resolve(
        Array.from({ length: 1300 }, (_, place) => ({
          a: "a thing",
          ...(place < 700 ? { b: "another", same: true } : { b: "things", same: false }),
        })),
      ),
  });
  const calibration = () => calibrations.current();
  return { calibrations, sameQuestion: createSameQuestion({ scorer, clock, calibration }) };
};

const evaluate = (data: EvaluationData, scorer = noScorer()) =>
  createEvaluateCache({
    clock: createFakeClock(),
    scoring: scoring(scorer),
    models: {
      ...createScriptedModels("m", []),
      // So near that words alone have to keep questions apart.
      embed: (inputs) => Promise.resolve({ vectors: inputs.map(() => [1, 0]), space }),
    },
    answers: createMemoryAnswerCacheStore({
      generations: () => new Map(),
      readableHash: () => undefined,
      ended: () => undefined,
    }),
    upkeep: {
      ...{ note: unused, openWordings: unused, verified: unused, alias: unused },
      ...{ addShadows: unused, openShadows: unused, shadowed: unused, disagreed: unused },
      ...{ tallies: unused, forgetOld: unused },
    },
    loader: { open: unused, add: unused, finish: unused },
    retrieve: unused,
    contested: createMemoryEvaluationData({ "contested-pairs.jsonl": [{ id: "5", reason: "r" }] }),
    newId: () => "id",
  })({ data, signal: new AbortController().signal, onProgress: () => undefined });

describe("evaluate cache", () => {
  it("counts hits and wrong hits of pairs, by guard, contested ones apart, other files left out", async () => {
    const found = await evaluate(
      createMemoryEvaluationData({
        "intents.jsonl": [{ id: "x", text: "t", label: "l" }],
        "pairs.jsonl": pairs,
      }),
    );
    expect(found.counts).toMatchObject({
      pairs: 5,
      contested: 1,
      "by.exact.same": 1,
      "by.form.same": 1,
      "by.form.different": 1,
    });
    expect(found.metrics).toMatchObject({
      "pair.own.hit-rate": 1,
      "pair.own.served": 3,
      "pair.own.wrong": 1,
    });
    expect(found.metrics["pair.own.wrong-share-bound"]).toBeGreaterThan(1 / 3);
    expect(found["wrong"]).toEqual([{ id: "4", by: "form" }]);
  });

  it("tells from which similarity on an embedder's pairs keep to the error budget, once there are enough", async () => {
    const alike = (count: number) =>
      Array.from({ length: count }, (_, index) => {
        const thing = `valve ${"abcdefghij"[index % 10] ?? ""} ${String(index)}`;
        const a = `How do I open the ${thing}?`;
        return {
          id: String(index + 100),
          a,
          b: `How can I open the ${thing}?`,
          same: true,
          set: "s",
        };
      });
    const limitOf = async (count: number) =>
      (await evaluate(createMemoryEvaluationData({ "pairs.jsonl": alike(count) }))).metrics[
        "pair.s.similarity-limit"
      ];
    expect(await limitOf(500)).toBeUndefined();
    expect(await limitOf(600)).toBeCloseTo(1);
  });

  it("calibrates an installed cross-encoder first and tells what it adds, guards in place", async () => {
    const scorer = createScriptedScorer(([one, other]) =>
      one.startsWith(other.charAt(0)) ? 0.8 : 0.2,
    );
    const found = await evaluate(
      createMemoryEvaluationData({
        "pairs.jsonl": [
          pair("6", "How do I drain the tank?", "How do I empty the tank?", true),
          pair("7", "How do I drain the tank?", "How do I clean the tank?", false),
          pair("8", "How do I drain 2 tanks?", "How do I empty 3 tanks?", false),
          pair("9", "How do I drain the tank?", "Is there a way to empty the tank?", true),
        ],
      }),
      scorer,
    );
    expect(found.metrics).toMatchObject({
      ...{ "scorer.limit": 0.8, "scorer.served": 700, "scorer.wrong": 0 },
      ...{ "pair.own.served": 0, "pair.own.hit-rate": 0 },
      ...{ "pair.own.with-scorer.served": 2, "pair.own.with-scorer.wrong": 1 },
      "pair.own.with-scorer.hit-rate": 0.5,
    });
  });

  it("says that a folder holds no pairs", async () => {
    await expect(
      evaluate(createMemoryEvaluationData({ "a.jsonl": [{ id: "x" }] })),
    ).rejects.toSatisfy((error) => isAppError(error, "not_found"));
  });
});
