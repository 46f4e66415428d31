import { describe, expect, it } from "vitest";
import { bm25 } from "./bm25.ts";
import { documentScores } from "./document-words.ts";

const statistics = { chunkCount: 400, averageLength: 100, documentCount: 100 };
const terms = [
  { lexeme: "tide", count: 1, chunkCount: 20 },
  { lexeme: "constructor", count: 1, chunkCount: 5 },
];
const chunk = (documentId: string, frequencies: Record<string, number>, documentChunks = 4) => ({
  ...{ documentId, documentChunks, lexemeCount: 100, frequencies },
});

describe("documentScores", () => {
  it("counts the words of all of a document's candidates, against the length of the whole of it", () => {
    const found = [
      chunk("a", { tide: 1 }),
      chunk("a", { tide: 2, constructor: 1 }),
      chunk("b", {}),
    ];
    const scores = documentScores(found, terms, statistics);
    const whole = { length: 400, frequencies: { tide: 3, constructor: 1 } };
    expect(scores.get("a")).toBeCloseTo(
      bm25(terms, { chunkCount: 400, averageLength: 400 }, whole),
      12,
    );
    expect(scores.get("b")).toBe(0);
  });

  it("is lower for the same words in a longer document", () => {
    const found = [chunk("short", { tide: 1 }, 1), chunk("long", { tide: 1 }, 40)];
    const scores = documentScores(found, terms, statistics);
    expect(scores.get("short")).toBeGreaterThan(scores.get("long") ?? Infinity);
  });
});
