import { describe, expect, it } from "vitest";
import { createFakeClock } from "#testing/fakes/fake-clock.ts";
import { createMemoryEvaluationData } from "#testing/fakes/memory-evaluation-data.ts";
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

interface Asked {
  /** Name of the collection: `c1` for the corpus that was loaded first. */
  readonly of: string;
  readonly question: string;
}

async function evaluate(data: EvaluationData, asked: Asked[] = []) {
  const clock = createFakeClock();
  const scripted = createScriptedModels("m", []);
  const models: LocalModels = {
    ...scripted,
    embed: (texts, call) =>
      texts.some((text) => embeddingTokens(text) > windowTokens)
        ? Promise.reject(new AppError("context_exceeded", {}))
        : scripted.embed(texts, call),
  };
  const stored = new Map<string, LoadedDocument[]>();
  const retrieve: RetrieveChunks = (actor, query, call) => {
    const [of = ""] = query.collectionIds;
    asked.push({ of, question: query.text });
    const texts = (stored.get(of) ?? []).flatMap(({ title, chunks }) =>
      chunks.map(({ text }) => ({ title, text })),
    );
    return createMemoryRetrieval(models, texts)(actor, query, call);
  };
  return createEvaluateGrounding({
    clock,
    models,
    retrieve,
    scorer: createEmbeddingScorer({ models, clock }),
    loader: {
      open: () => {
        const collectionId = `c${String(stored.size + 1)}`;
        stored.set(collectionId, []);
        return Promise.resolve({ collectionId, workspaceId: "w", userId: "u" });
      },
      add: (collectionId, documents) => {
        stored.get(collectionId)?.push(...documents);
        return Promise.resolve(documents.map(({ title }) => title));
      },
      finish: () => Promise.resolve(),
    },
  })({ data, signal: new AbortController().signal, onProgress: () => undefined });
}

describe("evaluate grounding", () => {
  it("judges quotes and refusal on passages of any length", async () => {
    const { metrics, bounds, counts } = await evaluate(
      createMemoryEvaluationData({ "qed-dev.jsonl": passages }),
    );
    expect(counts).toEqual({ passages: 4, claims: 0, questions: 0 });
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
    const { metrics } = await evaluate(createMemoryEvaluationData({ "qed.jsonl": wrong }));
    expect(metrics["quotes.first-two"]).toBeCloseTo(2 / 3);
  });

  it("judges the check of sentences beside one threshold on every second claim", async () => {
    const { metrics, counts } = await evaluate(
      createMemoryEvaluationData({ "wice.jsonl": claims.flatMap((claim) => [claim, claim]) }),
    );
    expect(counts).toEqual({ passages: 0, claims: 8, questions: 0 });
    expect(metrics["support.wice.balanced-accuracy"]).toBe(1);
    expect(metrics["support.wice.precision"]).toBe(1);
    expect(metrics["support.wice.passed"]).toBeGreaterThan(0);
    expect(metrics["support.wice.lexical-threshold"]).toBeGreaterThanOrEqual(0.5);
  });

  it("says what is missing in a folder of another kind", async () => {
    await expect(evaluate(createMemoryEvaluationData({}))).rejects.toMatchObject({
      code: "not_found",
    });
  });
});

const askedOf = (asked: readonly Asked[], collection: string): readonly string[] =>
  asked.filter(({ of }) => of === collection).map(({ question }) => question);

/** A retrieval set: each text with what is asked about it. */
const setOf = (texts: Readonly<Record<string, string>>) => ({
  "corpus.jsonl": Object.values(texts).map((text, at) => ({ id: `d${String(at)}`, text })),
  "queries.jsonl": Object.keys(texts).map((text, at) => ({ id: at, text })),
  "qrels.tsv": Object.keys(texts).map((_, at) => `${String(at)}\td${String(at)}\t1`),
});
const pumps = {
  "How long is the warranty of the pump?": "The warranty of the pump is 24 months.",
  "What colour has the pump?": "The pump has the colour blue.",
};
const harbours = {
  "Who leads the harbour office?": "The harbour office is led by Marta Oliveira.",
  "Which crane lifts boats in the harbour?": "The east crane lifts boats in the harbour.",
};

describe("evaluate grounding on retrieval sets", () => {
  const acrossSets = (folders: Parameters<typeof createMemoryEvaluationData>[1], asked?: Asked[]) =>
    evaluate(createMemoryEvaluationData({}, folders), asked);

  it("asks each corpus what it answers and what only the others answer", async () => {
    const asked: Asked[] = [];
    const found = await acrossSets({ harbours: setOf(harbours), pumps: setOf(pumps) }, asked);
    const { metrics, bounds, counts } = found;
    expect(metrics).toEqual({
      "refusal.wrong-corpus.harbours": 1,
      "refusal.wrong-corpus.pumps": 1,
      "refusal.wrong-corpus.mean": 1,
    });
    expect(bounds?.["refusal.wrong-corpus.mean"]).toEqual([1, 1]);
    expect(counts).toEqual({ passages: 0, claims: 0, questions: 8 });
    const all = [...Object.keys(harbours), ...Object.keys(pumps)].toSorted();
    for (const of of ["c1", "c2"]) expect(askedOf(asked, of).toSorted()).toEqual(all);
  });

  it("counts an answer to a foreign question as wrong, and gives each set the same weight in the mean", async () => {
    const { metrics, bounds } = await acrossSets({
      harbours: setOf(harbours),
      // Holds what the harbours are asked about, one of two, without being asked itself.
      pumps: {
        ...setOf(pumps),
        "corpus.jsonl": [
          ...setOf(pumps)["corpus.jsonl"],
          { id: "x", text: harbours["Who leads the harbour office?"] },
        ],
      },
    });
    expect(metrics["refusal.wrong-corpus.harbours"]).toBe(1);
    expect(metrics["refusal.wrong-corpus.pumps"]).toBe(0.75);
    expect(metrics["refusal.wrong-corpus.mean"]).toBe(0.875);
    const [low = 1, high = 0] = bounds?.["refusal.wrong-corpus.mean"] ?? [];
    expect(low).toBe(0.75);
    expect(high).toBe(1);
  });

  it("asks at most 200 of each kind, spread over the lists, an equal share from each other set", async () => {
    const many = (name: string, count: number) =>
      setOf(
        Object.fromEntries(Array.from({ length: count }, (_, at) => [`${name} ${String(at)}`, ""])),
      );
    const asked: Asked[] = [];
    const { counts } = await acrossSets(
      { few: many("few", 3), many: many("many", 500), some: many("some", 150) },
      asked,
    );
    const every = (name: string, count: number, step: number) =>
      Array.from({ length: count }, (_, at) => `${name} ${String(Math.floor(at * step))}`);
    const few = every("few", 3, 1);
    expect(askedOf(asked, "c1")).toEqual([
      ...few,
      ...every("many", 100, 5),
      ...every("some", 100, 1.5),
    ]);
    expect(askedOf(asked, "c2")).toEqual([
      ...every("many", 200, 2.5),
      ...few,
      ...every("some", 100, 1.5),
    ]);
    expect(askedOf(asked, "c3")).toEqual([
      ...every("some", 150, 1),
      ...few,
      ...every("many", 100, 5),
    ]);
    expect(counts["questions"]).toBe(asked.length);
  });

  it("leaves out folders that are no set, and questions that nothing answers", async () => {
    const noGrade = { ...setOf({ "Who sings?": "Nobody." }), "qrels.tsv": ["0\td0\t0"] };
    const asked: Asked[] = [];
    const { metrics } = await acrossSets(
      {
        empty: {},
        "corpus-alone": { "corpus.jsonl": setOf(pumps)["corpus.jsonl"] },
        "queries-alone": {
          "queries.jsonl": setOf(pumps)["queries.jsonl"],
          "qrels.tsv": ["0\td0\t1"],
        },
        "no-grade": noGrade,
        ...{ harbours: setOf(harbours), pumps: setOf(pumps) },
      },
      asked,
    );
    expect(Object.keys(metrics)).toHaveLength(3);
    expect(asked.map(({ question }) => question)).not.toContain("Who sings?");
  });

  it("compares nothing with one set alone, and gives both where there are passages too", async () => {
    const pumpsAlone = { pumps: setOf(pumps) };
    await expect(acrossSets(pumpsAlone)).rejects.toMatchObject({ code: "not_found" });
    const files = { "qed.jsonl": passages };
    const alone = await evaluate(createMemoryEvaluationData(files, pumpsAlone));
    expect(Object.keys(alone.metrics)).not.toContain("refusal.wrong-corpus.pumps");
    expect(Object.keys(alone.metrics)).not.toContain("refusal.wrong-corpus.mean");
    const both = await evaluate(
      createMemoryEvaluationData(files, { ...pumpsAlone, harbours: setOf(harbours) }),
    );
    expect(both.metrics).toMatchObject({ ...alone.metrics, "refusal.wrong-corpus.mean": 1 });
    expect(both.counts).toEqual({ passages: 4, claims: 0, questions: 8 });
  });
});
