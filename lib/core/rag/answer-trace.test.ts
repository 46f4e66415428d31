import { describe, expect, it } from "vitest";
import {
  cutTrace,
  emptyTrace,
  foldTrace,
  mostTraceChars,
  withoutWords,
  type AnswerTrace,
} from "./answer-trace.ts";

const long: AnswerTrace = {
  ...emptyTrace,
  search: {
    ...{ collectionIds: [], withPreviousQuestion: false, lexicalOnly: false, tookMs: 3 },
    terms: Array.from({ length: 500 }, () => ({
      ...{ lexeme: "ü".repeat(900), language: "simple", chunkCount: 1 },
    })),
    ranking: Array.from({ length: 50 }, (_, at) => ({
      ...{ chunkId: crypto.randomUUID(), lexicalRank: at + 1, lexicalScore: 1 / 3 },
      ...{ vectorRank: at + 1, cosine: 1 / 3, score: 1 / 3, outcome: "cut" as const },
    })),
  },
  prompt: { messages: 2, estimatedTokens: 9, citations: [1], written: "w".repeat(50_000) },
  sentences: Array.from({ length: 300 }, () => ({
    ...{ text: "\u0001".repeat(4000), citations: [1], supported: true },
  })),
  notices: Array.from({ length: 99 }, () => ({ kind: "slow", message: "m".repeat(5000) })),
};

describe("cutTrace", () => {
  it("keeps every trace within its size, also where each letter takes six of JSON", () => {
    expect(JSON.stringify(cutTrace(long)).length).toBeLessThanOrEqual(mostTraceChars);
  });

  it("keeps an ordinary one whole, scores rounded", () => {
    const ordinary = cutTrace({ ...long, sentences: [], notices: [], prompt: null });
    expect(ordinary.search?.ranking).toHaveLength(30);
    expect(ordinary.search?.ranking[0]).toMatchObject({ lexicalScore: 0.333, cosine: 0.3333 });
  });
});

describe("withoutWords", () => {
  it("leaves no word of question or answer", () => {
    const notices = [{ kind: "conflict", message: "Two documents disagree: “Secret” is newer." }];
    const without = withoutWords({ ...long, notices });
    expect(JSON.stringify(without)).not.toMatch(/ü|w{3}|\\u0001|Secret/);
    expect(without.notices).toEqual([{ kind: "conflict", message: "" }]);
  });
});

describe("foldTrace", () => {
  it("forgets sentences that a reset makes void, and counts it", () => {
    const sentence = {
      type: "sentence",
      index: 0,
      text: "A",
      citations: [],
      supported: false,
    } as const;
    const trace = [sentence, { type: "reset", attempt: 2 } as const, sentence].reduce(
      (sofar, event) => foldTrace(sofar, event, 1),
      emptyTrace,
    );
    expect(trace).toMatchObject({ resets: 1, sentences: [{ text: "A" }] });
  });
});
