import { describe, expect, it } from "vitest";
import { countedAcrossLanguages, type PlacedTerm } from "./words-across-languages.ts";

const term = (
  language: string,
  lexeme: string,
  chunkCount: number,
  ...positions: number[]
): PlacedTerm => ({ language, lexeme, isPart: false, positions, chunkCount });

const counts = (
  terms: readonly PlacedTerm[],
  documents: Readonly<Record<string, number>>,
  chunkCount = 100,
): Readonly<Record<string, number>> =>
  Object.fromEntries(
    countedAcrossLanguages(terms, documents, chunkCount).map((counted) => [
      `${counted.language} ${counted.lexeme}`,
      counted.chunkCount,
    ]),
  );

describe("countedAcrossLanguages", () => {
  it("leaves the words of a single language as they are", () => {
    const terms = [term("english", "tide", 7, 2, 5), term("english", "pilot", 0, 3)];
    expect(countedAcrossLanguages(terms, { english: 12 }, 100)).toEqual([
      { language: "english", lexeme: "tide", count: 2, chunkCount: 7, lexemeChunks: 7 },
      { language: "english", lexeme: "pilot", count: 1, chunkCount: 0, lexemeChunks: 0 },
    ]);
  });

  it("takes a word that another language leaves out for one that all its chunks hold", () => {
    // "les ponts de Paris": French leaves out "les" and "de", English neither.
    const terms = [
      ...[term("french", "pont", 9, 2), term("french", "paris", 30, 4)],
      ...[term("english", "les", 1, 1), term("english", "pont", 9, 2)],
      ...[term("english", "de", 2, 3), term("english", "pari", 1, 4)],
    ];
    expect(counts(terms, { french: 45, english: 5 })).toEqual({
      ...{ "french pont": 9, "french paris": 31 },
      ...{ "english les": 91, "english pont": 9, "english de": 92, "english pari": 31 },
    });
  });

  it("takes the most common of the words that a language stems alike", () => {
    const terms = [
      ...[term("english", "tide", 4, 1, 2)],
      ...[term("simple", "tide", 4, 1), term("simple", "tides", 3, 2)],
    ];
    expect(counts(terms, { english: 1, simple: 1 })).toMatchObject({ "english tide": 7 });
  });

  it("weighs parts of an identifier less, whether or not they are said by themselves too", () => {
    // "open OpenCL": the places of the parts are counted by themselves.
    const part = (lexeme: string, chunkCount: number, position: number): PlacedTerm => ({
      ...term("english", lexeme, chunkCount, position),
      isPart: true,
    });
    const terms = [
      ...[term("english", "open", 40, 1), term("english", "opencl", 3, 2)],
      ...[part("open", 40, 1), part("cl", 5, 2)],
    ];
    expect(countedAcrossLanguages(terms, { english: 9 }, 100)).toEqual([
      { language: "english", lexeme: "open", count: 1.25, chunkCount: 40, lexemeChunks: 40 },
      { language: "english", lexeme: "opencl", count: 1, chunkCount: 3, lexemeChunks: 3 },
      { language: "english", lexeme: "cl", count: 0.25, chunkCount: 5, lexemeChunks: 5 },
    ]);
  });

  it("counts no more chunks than there are", () => {
    const terms = [term("english", "de", 80, 1)];
    expect(counts(terms, { french: 3, english: 1 })).toEqual({ "english de": 100 });
    expect(countedAcrossLanguages([], {}, 0)).toEqual([]);
  });
});
