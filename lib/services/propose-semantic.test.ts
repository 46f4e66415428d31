import { expect, it } from "vitest";
import { calibrationOf } from "../core/cache/semantic-decision.ts";
import { emptyAnswer } from "../core/chat/fold-answer.ts";
import type { CachedAnswer } from "../ports/answer-cache-store.ts";
import type { RankedChunk } from "../ports/chunk-search.ts";
import { proposeSemantic } from "./propose-semantic.ts";

const text = "The deposit for the harbour crane is 400 euros.";
const chunk: RankedChunk = {
  ...{ documentId: "d", versionId: "v", documentTitle: "Harbour" },
  ...{ collectionId: "c", collectionName: "Docs", ordinal: 0, page: null, charEnd: text.length },
  ...{ contentHash: "h", publishedAt: new Date(0), flags: [], before: null, after: null },
  chunkId: "one",
  text,
  headingPath: [],
  charStart: 0,
  lexicalScore: 9,
  cosine: 0.8,
  score: 1,
};
const quotes = [{ citation: 1, text, charStart: 0, charEnd: text.length }];
const extract = { ...emptyAnswer, quotes, verdict: "answerable", outcome: "complete" } as const;
const prose = { index: 0, text: "It is 400 euros.", citations: [1], supported: true };

const proposed = (answer: CachedAnswer["answer"], asked: string, cosine = 0.95) => {
  const entry = { question: "What is the deposit for the crane?", answer } as CachedAnswer;
  return proposeSemantic(asked, [{ entry, cosine }], [chunk], calibrationOf("all-minilm"));
};
const more = "What is the deposit for the harbour crane?";

it("takes the sentence that answers both wordings where it makes idle what the one says more", () => {
  expect(proposed(extract, more).reason).toBeNull();
});

it("leaves to idle time what a model phrased for the other wording", () => {
  expect(proposed({ ...extract, sentences: [prose] }, more).reason).toBe("veto: word");
});

it("takes nothing that lies further apart, answers with another sentence or says what no sentence says", () => {
  expect(proposed(extract, more, 0.84).reason).toBe("veto: word");
  const other = [{ ...quotes[0], text: "The crane is yellow." }] as typeof quotes;
  expect(proposed({ ...extract, quotes: other }, more).reason).toBe("veto: word");
  expect(proposed(extract, "What is the deposit for the used crane?").reason).toBe("veto: word");
});
