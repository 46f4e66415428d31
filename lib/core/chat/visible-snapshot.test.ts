import { describe, expect, it } from "vitest";
import type { AnswerSnapshot, Source } from "./events.ts";
import {
  answerText,
  quotedDocuments,
  visibleSnapshot,
  withdrawnNotice,
} from "./visible-snapshot.ts";

const source = (citation: number, documentId: string): Source => ({
  citation,
  documentId,
  chunkId: "c",
  collectionId: "o",
  versionId: "v",
  documentTitle: "Plan",
  collectionName: "N",
  headingPath: [],
  page: null,
  charStart: 0,
  charEnd: 1,
  text: `secret of ${documentId}`,
  score: 1,
});

const snapshot: AnswerSnapshot = {
  sources: [source(1, "open"), source(2, "closed")],
  quotes: [
    { citation: 1, text: "quote of open", charStart: 0, charEnd: 1 },
    { citation: 2, text: "secret of closed", charStart: 0, charEnd: 1 },
  ],
  verdict: "answerable",
  sentences: [
    { text: "From open.", citations: [1], supported: true },
    { text: "secret of closed.", citations: [1, 2], supported: true },
    { text: "secret of closed, uncited.", citations: [], supported: false },
  ],
  openText: "secret of closed, unfinished",
  notices: [],
  model: null,
  outcome: "complete",
  error: null,
};

describe("visibleSnapshot", () => {
  it("keeps an answer as it is while everything may be read", () => {
    expect(visibleSnapshot(snapshot, new Set(["open", "closed"]))).toBe(snapshot);
  });

  it("says of an answer of which nothing is left that it is not shown", () => {
    const visible = visibleSnapshot(snapshot, new Set());
    expect([visible.quotes, visible.sources]).toEqual([[], []]);
    expect(visible.notices).toEqual([withdrawnNotice(true)]);
  });

  it("names no document in a notice that may no longer be read", () => {
    const notices = [
      { kind: "cached", message: "This question was answered before: 2 days ago, from Secret." },
      {
        kind: "conflict",
        message: "Two documents disagree: “Plan” is newer, “Secret” says otherwise.",
      },
      { kind: "resumed", message: "It went on elsewhere." },
    ];
    const visible = visibleSnapshot({ ...snapshot, notices }, new Set(["open"]));
    expect(visible.notices).toEqual([notices[2], withdrawnNotice(false)]);
  });

  it("shows nothing of a document that may no longer be read, and says so", () => {
    const visible = visibleSnapshot(snapshot, new Set(["open"]));
    expect(JSON.stringify(visible)).not.toContain("secret of closed");
    expect(visible.quotes).toHaveLength(1);
    expect(visible.sentences.map(({ text }) => text)).toEqual(["From open.", "", ""]);
    expect(visible.sentences.map(({ withheld }) => withheld)).toEqual([undefined, true, true]);
    expect(visible.notices).toEqual([withdrawnNotice(false)]);
  });
});

describe("answerText", () => {
  it("is the supported sentences, else the quotes", () => {
    expect(answerText(snapshot)).toBe("From open. secret of closed.");
    expect(answerText({ ...snapshot, sentences: [] })).toBe("quote of open secret of closed");
  });
});

describe("quotedDocuments", () => {
  it("is where the quotes come from, once each, of an answer and never of a refusal", () => {
    const { quotes } = snapshot;
    expect(quotedDocuments({ ...snapshot, quotes: [...quotes].reverse() })).toEqual([
      "closed",
      "open",
    ]);
    expect(quotedDocuments({ ...snapshot, quotes: [...quotes, ...quotes] })).toHaveLength(2);
    expect(quotedDocuments({ ...snapshot, verdict: "related" })).toEqual([]);
  });
});
