import { describe, expect, it } from "vitest";

import type { AnswerSnapshot, Source } from "#lib/core/chat/events.ts";
import { emptyAnswer } from "#lib/core/chat/fold-answer.ts";

import { citedNumbers, copyText, withoutBullet, withoutMarks } from "./answer-words.ts";

const source = (citation: number, page: number | null): Source => ({
  citation,
  chunkId: `k${String(citation)}`,
  documentId: "d",
  versionId: "v",
  documentTitle: "Handbook",
  collectionId: "c",
  collectionName: "Staff",
  headingPath: [],
  page,
  charStart: 0,
  charEnd: 10,
  text: "",
  score: 0.5,
});

const answer: AnswerSnapshot = {
  ...emptyAnswer,
  sources: [source(1, 4), source(2, null), source(3, null)],
  quotes: [{ citation: 1, text: "The gate opens at nine. ", charStart: 0, charEnd: 3 }],
  sentences: [
    { text: "It opens at nine [1].", citations: [1], supported: true },
    { text: " It closes at dusk [3].", citations: [3], supported: false },
    { text: " Children come free [2].", citations: [2], supported: true },
  ],
  outcome: "complete",
};

describe("copyText", () => {
  it("leaves out sentences that the documents do not support, and their sources", () => {
    expect(copyText("When?", answer)).toBe(
      [
        "When?",
        "“The gate opens at nine.” [1]",
        "It opens at nine. [1] Children come free. [2]",
        "[1] Handbook · page 4 · Staff\n[2] Handbook · Staff",
      ].join("\n\n"),
    );
  });

  it("has no empty parts when nothing was written", () => {
    expect(copyText("When?", { ...emptyAnswer, outcome: "stopped" })).toBe("When?");
  });
});

describe("withoutBullet", () => {
  it("takes the bullet of a list away, and nothing else", () => {
    expect(withoutBullet(" • By 2026 it will. ")).toBe("By 2026 it will.");
    expect(withoutBullet("- 5 °C • at night")).toBe("- 5 °C • at night");
  });
});

describe("citedNumbers", () => {
  it("lists what was quoted or rests under a supported sentence, once, in order", () => {
    expect(citedNumbers(answer)).toEqual([1, 2]);
  });
});

describe("withoutMarks", () => {
  it("takes marks away with the space before them and leaves other brackets", () => {
    expect(withoutMarks("Nine [1, 2] o'clock [sic] [3].")).toBe("Nine o'clock [sic].");
  });
});
