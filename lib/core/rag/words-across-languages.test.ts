import { describe, expect, it } from "vitest";
import { countedAcrossLanguages, type PlacedTerm } from "./words-across-languages.ts";

const term = (
  language: string,
  lexeme: string,
  lexemeChunks: number,
  ...positions: number[]
): PlacedTerm => ({
  ...{ language, lexeme, lexemeChunks, positions },
  ...{ identifier: 0, isOnlyInParts: false },
});

const counts = (
  terms: readonly PlacedTerm[],
  chunks: Readonly<Record<string, number>>,
): Readonly<Record<string, number>> =>
  Object.fromEntries(
    countedAcrossLanguages(terms, new Map(Object.entries(chunks))).map((counted) => [
      `${counted.language} ${counted.lexeme}`,
      counted.chunkCount,
    ]),
  );

describe("countedAcrossLanguages", () => {
  it("leaves the words of a single language as they are", () => {
    const terms = [term("english", "tide", 7, 2, 5), term("english", "pilot", 0, 3)];
    expect(countedAcrossLanguages(terms, new Map([["english", 100]]))).toEqual([
      { language: "english", lexeme: "tide", count: 2, chunkCount: 7, lexemeChunks: 7 },
      { language: "english", lexeme: "pilot", count: 1, chunkCount: 0, lexemeChunks: 0 },
    ]);
  });

  it("takes a word that another language leaves out for one that all its chunks hold", () => {
    // "les ponts de Paris": French leaves "les" and "de" out, English neither.
    const terms = [
      ...[term("french", "pont", 9, 2), term("french", "paris", 30, 4)],
      ...[term("english", "les", 1, 1), term("english", "pont", 9, 2)],
      ...[term("english", "de", 2, 3), term("english", "pari", 1, 4)],
    ];
    expect(counts(terms, { french: 90, english: 10 })).toEqual({
      ...{ "french pont": 9, "french paris": 31 },
      ...{ "english les": 91, "english pont": 9, "english de": 92, "english pari": 31 },
    });
  });

  it("lets another language add no more than its own chunks: its stem may be that of a common word here", () => {
    // "printer", which German stems like "print".
    const terms = [term("english", "printer", 2, 1), term("german", "print", 30, 1)];
    expect(counts(terms, { english: 99, german: 1 })).toEqual({
      ...{ "english printer": 3, "german print": 32 },
    });
  });

  it("takes the most common of the words that a language stems alike", () => {
    const terms = [
      ...[term("english", "tide", 4, 1, 2)],
      ...[term("simple", "tide", 4, 1), term("simple", "tides", 3, 2)],
    ];
    expect(counts(terms, { english: 10, simple: 10 })).toMatchObject({ "english tide": 7 });
  });

  it("weighs parts of an identifier less, whether or not they are said by themselves too", () => {
    // "open OpenCL": the places of the parts are counted by themselves.
    const part = (lexeme: string, lexemeChunks: number, position: number): PlacedTerm => ({
      ...term("english", lexeme, lexemeChunks, position),
      identifier: 1,
    });
    const said = [term("english", "open", 40, 1), term("english", "opencl", 3, 2)];
    const parts = [part("open", 40, 1), part("cl", 5, 2)];
    const weights = (terms: readonly PlacedTerm[]) =>
      countedAcrossLanguages(terms, new Map([["english", 100]])).map(
        ({ lexeme, count, chunkCount }) => [lexeme, count, chunkCount],
      );
    const [open, whole] = [
      ["open", 1.25, 40],
      ["opencl", 1, 3],
    ];
    expect(weights([...said, ...parts])).toEqual([open, whole, ["cl", 0.25, 5]]);
    const alone = parts.map((each) => ({ ...each, isOnlyInParts: true }));
    expect(weights([...said, ...alone])).toEqual([["open", 2, 40], whole, ["cl", 1, 5]]);
  });

  it("counts no more chunks than there are", () => {
    const terms = [term("english", "de", 8, 1)];
    expect(counts(terms, { french: 5, english: 4 })).toEqual({ "english de": 9 });
    expect(countedAcrossLanguages([], new Map())).toEqual([]);
  });
});
