import { describe, expect, it } from "vitest";
import type { AnswerSnapshot, Source } from "../chat/events.ts";
import { emptyAnswer } from "../chat/fold-answer.ts";
import { bypassReason, keptAnswer, refusalToKeep } from "./admission.ts";

const source = (citation: number): Source =>
  ({ citation, chunkId: `k${String(citation)}` }) as Source;
const sentence = (index: number, citations: readonly number[], supported: boolean) => ({
  ...{ index, text: `Sentence ${String(index)}.`, citations, supported },
});
const answer: AnswerSnapshot = {
  ...emptyAnswer,
  ...{ sources: [source(1), source(2), source(3)], verdict: "answerable", outcome: "complete" },
  quotes: [{ citation: 1, text: "24 months", charStart: 0, charEnd: 9 }],
};

describe("what is kept of an answer", () => {
  it("is its extract only when a sentence failed its check, with the passages that it quotes and no others", () => {
    const kept = keptAnswer({
      ...answer,
      sentences: [sentence(0, [2], true), sentence(1, [3], false)],
    });
    expect(kept.sentences).toEqual([]);
    expect(kept.quotes).toEqual(answer.quotes);
    expect(kept.sources.map(({ citation }) => citation)).toEqual([1]);
    expect(kept.model).toBeNull();
  });

  it("is the prose too when every sentence passed, with what it cites", () => {
    const sentences = [sentence(0, [2], true), sentence(1, [1], true)];
    const kept = keptAnswer({ ...answer, sentences, model: "chat:1b" });
    expect(kept.sentences).toEqual(sentences);
    expect(kept.model).toBe("chat:1b");
    expect(kept.sources.map(({ citation }) => citation)).toEqual([1, 2]);
  });
});

describe("what is said beside a kept answer", () => {
  it("is that its documents disagree, and nothing that was about one time", () => {
    const conflict = { kind: "conflict", message: "They differ." } as const;
    const notices = [{ kind: "degraded", message: "By words alone." } as const, conflict];
    expect(keptAnswer({ ...answer, notices }).notices).toEqual([conflict]);
    expect(keptAnswer({ ...answer, model: "chat:1b" }).model).toBeNull();
  });
});

describe("what may enter", () => {
  const may = (change: Partial<AnswerSnapshot>, isFlagged = false) =>
    refusalToKeep({ snapshot: { ...answer, ...change }, isFlagged });

  it("is a complete answer with evidence, and nothing else", () => {
    expect(may({})).toBeNull();
    expect(may({ outcome: "refused" })).toBe("refused");
    expect(may({ outcome: "stopped" })).toBe("not-complete");
    expect(may({ outcome: "interrupted" })).toBe("not-complete");
    expect(may({ openText: "half a sen" })).toBe("not-complete");
    expect(may({ verdict: "related" })).toBe("no-evidence");
    expect(may({ quotes: [] })).toBe("no-evidence");
    expect(may({}, true)).toBe("flagged");
    expect(may({ notices: [{ kind: "degraded", message: "" }] })).toBe("degraded");
  });

  it.each([
    ["What is due today?", "time-relative"],
    ["What changed last week?", "time-relative"],
    ["Who owns it at the moment?", "time-relative"],
    ["Was gilt derzeit?", "time-relative"],
    ["How long is the warranty?", null],
  ] as const)("%s: %s", (text, reason) => {
    const question = { text, standsAlone: true, asksAgain: false, hasPrivateAttachment: false };
    expect(bypassReason(question)).toBe(reason);
    expect(bypassReason({ ...question, standsAlone: false })).not.toBeNull();
    expect(bypassReason({ ...question, asksAgain: true })).toBe("asked-again");
    expect(bypassReason({ ...question, hasPrivateAttachment: true })).toBe("private-attachment");
  });
});
