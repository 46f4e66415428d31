import { describe, expect, it } from "vitest";
import type { ChatEvent } from "./events.ts";
import { emptyAnswer, foldAnswer } from "./fold-answer.ts";

const fold = (...events: readonly ChatEvent[]) => events.reduce(foldAnswer, emptyAnswer);
const sentence = (text: string, index = 0): ChatEvent => ({
  type: "sentence",
  index,
  text,
  citations: [1],
  supported: true,
});

describe("foldAnswer", () => {
  it("settles open text into sentences", () => {
    const answer = fold(
      { type: "text-delta", text: "It is" },
      { type: "text-delta", text: " so." },
      sentence("It is so."),
      { type: "text-delta", text: "And" },
    );
    expect(answer.sentences).toEqual([{ text: "It is so.", citations: [1], supported: true }]);
    expect(answer.openText).toBe("And");
  });

  it("drops all generated text at a reset and keeps the evidence", () => {
    const quotes = [{ citation: 1, text: "q", charStart: 0, charEnd: 1 }];
    const answer = fold(
      { type: "evidence", quotes, verdict: "answerable" },
      sentence("Wrong."),
      { type: "text-delta", text: "half" },
      { type: "reset", attempt: 2 },
    );
    expect(answer).toMatchObject({ sentences: [], openText: "", quotes, verdict: "answerable" });
  });

  it("forgets what was said of a search when another one has found something, and nothing else", () => {
    const answer = fold(
      { type: "notice", kind: "cached", message: "c" },
      { type: "sources", sources: [] },
      { type: "notice", kind: "degraded", message: "searched for again as soon as a node answers" },
      { type: "sources", sources: [] },
    );
    expect(answer.notices).toEqual([{ kind: "cached", message: "c" }]);
  });

  it("keeps sources, notices, model, error and outcome, and nothing of the rest", () => {
    const answer = fold(
      { type: "queued", place: 1, expectedMs: 5 },
      { type: "sources", sources: [] },
      { type: "notice", kind: "degraded", message: "m" },
      {
        type: "usage",
        model: "m",
        nodeId: "n",
        promptTokens: 1,
        cachedPromptTokens: 0,
        completionTokens: 1,
        firstTokenMs: 1,
      },
      { type: "error", code: "internal", message: "sorry" },
      { type: "text-end", answerId: "a", outcome: "failed" },
    );
    expect(answer).toEqual({
      ...emptyAnswer,
      notices: [{ kind: "degraded", message: "m" }],
      model: "m",
      error: { code: "internal", message: "sorry" },
      outcome: "failed",
    });
  });
});
