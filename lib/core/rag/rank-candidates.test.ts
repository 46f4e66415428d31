import { describe, expect, it } from "vitest";
import { type LegCandidate, rankCandidates, type RankingQuestion } from "./rank-candidates.ts";

const question: RankingQuestion = {
  ...{ chunkCount: 1000, averageLength: 100, documentCount: 250, quoted: [], identifiers: [] },
  previousDocumentIds: [],
  terms: [
    { language: "english", lexeme: "tide", count: 1, chunkCount: 50 },
    { language: "english", lexeme: "pilot", count: 1, chunkCount: 50 },
  ],
};
const chunk = (
  chunkId: string,
  documentId: string,
  frequencies: Record<string, number>,
  documentChunks: number,
): LegCandidate => ({
  ...{ chunkId, documentId, documentChunks, frequencies, language: "english" },
  ...{ lexemeCount: 100, cosine: null, phrases: [] },
});
const order = (
  candidates: readonly LegCandidate[],
  previousDocumentIds: readonly string[] = [],
): readonly string[] =>
  rankCandidates(candidates, { ...question, previousDocumentIds }, () => 0).map(
    ({ candidate }) => candidate.chunkId,
  );

describe("rankCandidates", () => {
  it("puts a chunk first whose document says the question's other word in another chunk", () => {
    const other = chunk("a", "one word alone", { tide: 1 }, 2);
    const half = chunk("b", "both words", { tide: 1 }, 2);
    const rest = chunk("c", "both words", { pilot: 1 }, 2);
    expect(order([other, half, rest])).toEqual(["b", "c", "a"]);
  });

  it("does not let a long document lift all that it holds over a better chunk of a short one", () => {
    const better = chunk("z", "short", { tide: 3 }, 1);
    const long = Array.from({ length: 20 }, (_, at) =>
      chunk(String(at).padStart(2, "0"), "long", at % 2 === 0 ? { tide: 2 } : { pilot: 4 }, 60),
    );
    expect(order([better, ...long])[0]).toBe("z");
  });

  it("puts the document that answered the turn before first among near equals, and never over what is clearly better", () => {
    const same = [chunk("a", "other", { tide: 1 }, 1), chunk("b", "before", { tide: 1 }, 1)];
    expect(order(same)).toEqual(["a", "b"]);
    expect(order(same, ["before"])).toEqual(["b", "a"]);
    const better = chunk("c", "other", { tide: 1, pilot: 1 }, 1);
    expect(order([better, ...same], ["before"])[0]).toBe("c");
  });

  it("gives nothing to a chunk that has none of the words", () => {
    const ranked = rankCandidates(
      [chunk("a", "x", { tide: 1 }, 2), chunk("b", "x", {}, 2)],
      question,
      () => 0,
    );
    expect(ranked.map(({ lexicalScore }) => lexicalScore > 0)).toEqual([true, false]);
  });

  it("shares out the legs by the languages of the best by words", () => {
    const of = (chunkId: string, language: string, tide: number): LegCandidate => ({
      ...chunk(chunkId, chunkId, { tide }, 1),
      language,
    });
    const german = [1, 2, 3].map((tide) => of(`g${String(tide)}`, "german", tide));
    const english = [0, 4, 5, 6].map((tide) => of(`e${String(tide)}`, "english", tide));
    const terms = question.terms.flatMap((term) => [term, { ...term, language: "german" }]);
    const asked: (readonly string[])[] = [];
    rankCandidates([...german, ...english], { ...question, terms }, (languages) => {
      asked.push(languages);
      return 0;
    });
    expect(asked).toEqual([["english", "english", "english", "german", "german"]]);
  });
});
