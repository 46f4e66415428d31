import { describe, expect, it } from "vitest";
import { createFakeClock } from "#testing/fakes/fake-clock.ts";
import { createMemoryRetrieval } from "#testing/fakes/memory-retrieval.ts";
import { createScriptedModels } from "#testing/fakes/scripted-models.ts";
import { AppError } from "../../core/errors/app-error.ts";
import { embeddingTokens } from "../../core/rag/embedding-tokens.ts";
import type { LocalModels } from "../../local-models.ts";
import type { LoadedDocument } from "../../ports/corpus-loader.ts";
import type { EvaluationData } from "../../ports/evaluation-data.ts";
import { createEmbeddingScorer } from "../embedding-scorer.ts";
import type { RetrieveChunks } from "../retrieve-chunks.ts";
import { createEvaluateGrounding } from "./evaluate-grounding.ts";

const folder = (files: Readonly<Record<string, readonly object[]>>): EvaluationData => ({
  path: "folder",
  has: (name) => Promise.resolve(name in files),
  names: () => Promise.resolve(Object.keys(files)),
  filePath: (name) => name,
  async *lines(name) {
    for (const row of files[name] ?? []) yield await Promise.resolve(JSON.stringify(row));
  },
});

const passage = (
  title: string,
  question: string,
  sentences: readonly string[],
  support: number,
) => {
  const paragraph = sentences.join(" ");
  const supporting_start = paragraph.indexOf(sentences[support] ?? "-");
  const supporting_end = supporting_start + (sentences[support] ?? "").length;
  const has = support >= 0 && { supporting_start, supporting_end };
  const explanation_type = support >= 0 ? "single_sentence" : "none";
  return { id: title, question, title, paragraph, explanation_type, ...has };
};

const filler = "The canteen serves soup with bread and butter every day of the week.";
const passages = [
  passage(
    "Pump",
    "how long is the warranty of the pump",
    [
      "The pump is blue.",
      "Its colour is durable.",
      "The warranty of the pump is 24 months.",
      filler,
    ],
    2,
  ),
  passage(
    "Harbour",
    "who leads the harbour office",
    ["The harbour is old.", "Its office is led by Marta Oliveira.", "Ships come daily.", filler],
    1,
  ),
  // Longer than an embedder reads at once.
  passage(
    "Lighthouse",
    "when was the lighthouse built",
    ["The lighthouse was built in 1868 from granite.", ...Array.from({ length: 30 }, () => filler)],
    0,
  ),
  passage("Bridge", "what does the bridge weigh", ["The bridge is red.", "Cars cross it."], -1),
];

const evidence = ["The pump weighs 12 kg and was built in Lisbon.", filler];
const claims = [
  { claim: "The pump weighs 12 kg.", evidence, label: "supported" },
  { claim: "The pump was built in Lisbon.", evidence, label: "supported" },
  { claim: "The pump weighs 15 kg.", evidence, label: "not_supported" },
  { claim: "Giraffes sleep in tall savannah grass.", evidence, label: "not_supported" },
];

const windowTokens = 256;

async function evaluate(data: EvaluationData) {
  const clock = createFakeClock();
  const scripted = createScriptedModels("m", []);
  const models: LocalModels = {
    ...scripted,
    embed: (texts, call) =>
      texts.some((text) => embeddingTokens(text) > windowTokens)
        ? Promise.reject(new AppError("context_exceeded", {}))
        : scripted.embed(texts, call),
  };
  const stored: LoadedDocument[] = [];
  const retrieve: RetrieveChunks = (...asked) =>
    createMemoryRetrieval(
      models,
      stored.flatMap(({ title, chunks }) => chunks.map(({ text }) => ({ title, text }))),
    )(...asked);
  return createEvaluateGrounding({
    clock,
    models,
    retrieve,
    scorer: createEmbeddingScorer({ models, clock }),
    loader: {
      open: () => Promise.resolve({ collectionId: "c", workspaceId: "w", userId: "u" }),
      add: (_, documents) => {
        stored.push(...documents);
        return Promise.resolve(documents.map(({ title }) => title));
      },
      finish: () => Promise.resolve(),
    },
  })({ data, signal: new AbortController().signal, onProgress: () => undefined });
}

describe("evaluate grounding", () => {
  it("judges quotes and refusal on passages of any length", async () => {
    const { metrics, bounds, counts } = await evaluate(folder({ "qed-dev.jsonl": passages }));
    expect(counts).toEqual({ passages: 4, claims: 0 });
    expect(metrics["quotes.first-two"]).toBe(1);
    expect(bounds?.["quotes.first-two"]).toEqual([1, 1]);
    for (const name of ["refusal.same-page", "refusal.wrong-corpus"]) {
      expect(metrics[name]).toBeGreaterThanOrEqual(0);
      expect(metrics[name]).toBeLessThanOrEqual(1);
    }
  });

  it("sees when the supporting sentence is not among the first two", async () => {
    const wrong = passages.map((each) =>
      each.title === "Pump"
        ? {
            ...each,
            supporting_start: each.paragraph.length - 5,
            supporting_end: each.paragraph.length,
          }
        : each,
    );
    const { metrics } = await evaluate(folder({ "qed.jsonl": wrong }));
    expect(metrics["quotes.first-two"]).toBeCloseTo(2 / 3);
  });

  it("judges the check of sentences beside one threshold on every second claim", async () => {
    const { metrics, counts } = await evaluate(
      folder({ "wice.jsonl": claims.flatMap((claim) => [claim, claim]) }),
    );
    expect(counts).toEqual({ passages: 0, claims: 8 });
    expect(metrics["support.wice.balanced-accuracy"]).toBe(1);
    expect(metrics["support.wice.precision"]).toBe(1);
    expect(metrics["support.wice.passed"]).toBeGreaterThan(0);
    expect(metrics["support.wice.lexical-threshold"]).toBeGreaterThanOrEqual(0.5);
  });

  it("says what is missing in a folder of another kind", async () => {
    await expect(evaluate(folder({}))).rejects.toMatchObject({ code: "not_found" });
  });
});
