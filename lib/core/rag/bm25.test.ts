import { describe, expect, it } from "vitest";
import { bm25, inverseFrequency, proposingTerms, rareTerms } from "./bm25.ts";

const statistics = { chunkCount: 10, averageLength: 50 };
const term = (lexeme: string, chunkCount: number, count = 1, lexemeChunks = chunkCount) => ({
  ...{ lexeme, chunkCount, count, lexemeChunks },
});

describe("bm25", () => {
  it("equals the formula by hand", () => {
    // idf = ln(1 + (10 - 2 + .5) / 2.5) = 1.4816; tf part = 3 * 2.2 / (3 + 1.2 * (.25 + .75 * 2)) = 1.2941
    const score = bm25([term("tide", 2)], statistics, { length: 100, frequencies: { tide: 3 } });
    expect(score).toBeCloseTo(1.4816 * 1.2941, 3);
  });
  it("is 0 for a chunk without any of the words, however strange the statistics", () => {
    const nothing = { length: 0, frequencies: {} };
    expect(bm25([term("tide", 2)], { chunkCount: 0, averageLength: 0 }, nothing)).toBe(0);
  });
  it("grows with every further occurrence, but less each time", () => {
    const at = (tide: number) =>
      bm25([term("tide", 2)], statistics, { length: 50, frequencies: { tide } });
    expect(at(2)).toBeGreaterThan(at(1));
    expect(at(3) - at(2)).toBeLessThan(at(2) - at(1));
  });
  it("counts a word that the question repeats as often", () => {
    const chunk = { length: 50, frequencies: { tide: 1 } };
    expect(bm25([term("tide", 2, 3)], statistics, chunk)).toBeCloseTo(
      3 * bm25([term("tide", 2)], statistics, chunk),
    );
  });
  it("prefers the rarer word and the shorter chunk", () => {
    const chunk = { length: 50, frequencies: { rare: 1, common: 1 } };
    expect(bm25([term("rare", 1)], statistics, chunk)).toBeGreaterThan(
      bm25([term("common", 9)], statistics, chunk),
    );
    expect(bm25([term("rare", 1)], statistics, { ...chunk, length: 20 })).toBeGreaterThan(
      bm25([term("rare", 1)], statistics, chunk),
    );
  });
  it("knows no words that the chunk does not hold, not even those every object has", () => {
    const chunk = { length: 50, frequencies: { tide: 1 } };
    expect(bm25([term("constructor", 2)], statistics, chunk)).toBe(0);
  });
  it("never turns negative, even for a word in every chunk", () => {
    expect(inverseFrequency(10, 10)).toBeGreaterThan(0);
    expect(inverseFrequency(10, 12)).toBeGreaterThan(0);
  });
});

describe("proposingTerms", () => {
  const large = { chunkCount: 10_000, averageLength: 50 };
  it("leaves words of more than a fifth of the chunks out when rarer ones remain", () => {
    const terms = [term("the", 9000), term("tide", 12), term("sea", 2000), term("ship", 2001)];
    expect(proposingTerms(terms, large).map(({ lexeme }) => lexeme)).toEqual(["tide", "sea"]);
  });
  it("keeps common words when there is nothing else", () => {
    expect(proposingTerms([term("the", 9000)], large)).toHaveLength(1);
  });
  it("keeps every known word of a small scope, and drops unknown ones", () => {
    const terms = [term("the", 9), term("tide", 1), term("absent", 0)];
    expect(proposingTerms(terms, statistics).map(({ lexeme }) => lexeme)).toEqual(["the", "tide"]);
  });
  it("keeps the rarest words of a large scope, as many as can be looked at in time", () => {
    const vast = { chunkCount: 1_000_000, averageLength: 100 };
    const rare = [term("rare", 900), term("more", 15_000)];
    const words = [term("common", 150_000), term("some", 19_000), ...rare];
    expect(proposingTerms(words, vast).map(({ lexeme }) => lexeme)).toEqual(["rare", "more"]);
    expect(proposingTerms([term("common", 150_000)], vast)).toHaveLength(1);
  });
  it("spends its looks on the stems of a word that texts have", () => {
    const vast = { chunkCount: 150_000, averageLength: 100 };
    const chosen = (english: number) =>
      proposingTerms(
        [
          ...[term("maintenanc", 25_000, 1, 3), term("mainten", 25_000, 1, english)],
          term("absent", 25_000, 1, 0),
        ],
        vast,
      ).map(({ lexeme }) => lexeme);
    expect(chosen(14_997)).toEqual(["mainten", "maintenanc"]);
    expect(chosen(24_997)).toEqual(["mainten"]);
    const stems = [term("maintenanc", 25_000, 1, 3), term("mainten", 25_000, 1, 24_997)];
    expect(proposingTerms([term("rare", 9), ...stems], vast).map(({ lexeme }) => lexeme)).toEqual([
      "rare",
      "maintenanc",
    ]);
  });
});

describe("rareTerms", () => {
  it("names the words whose every chunk is worth a look", () => {
    const terms = [term("the", 9000), term("tide", 40), term("sea", 41), term("absent", 0)];
    expect(rareTerms(terms).map(({ lexeme }) => lexeme)).toEqual(["tide"]);
  });
});
