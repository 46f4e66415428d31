import { PgDialect } from "drizzle-orm/pg-core";
import { expect, it } from "vitest";
import { frequenciesOf, lexicalCandidates } from "./word-candidates.ts";

it("counts lexemes in what Postgres writes of a vector, whatever characters they have", () => {
  expect(frequenciesOf("")).toEqual({});
  expect(
    frequenciesOf(String.raw`'a\\b':3A 'it''s':1A,7A,90A 'plain':2A 'x:1A ''y':4A,5A`),
  ).toEqual({ [String.raw`a\b`]: 1, "it's": 3, plain: 1, "x:1A 'y": 2 });
});

it.each([
  { name: "a small part of what is stored", storedChunks: 1_000_000, asksIndex: false },
  { name: "much of what is stored", storedChunks: 50_000, asksIndex: true },
])(
  "asks the index of words about a scope unless it is small: $name",
  ({ storedChunks, asksIndex }) => {
    const { sql } = new PgDialect().sqlToQuery(
      lexicalCandidates({
        ...{
          collectionIds: ["c"],
          scopeChunks: 2000,
          storedChunks,
          phrases: [],
          rare: [],
          counted: [],
        },
        ...{ vector: null, lexicalLimit: 200, vectorLimit: 100 },
        proposing: [
          { language: "english", lexeme: "tide", count: 1, chunkCount: 2, lexemeChunks: 2 },
        ],
      }),
    );
    // What `is true` is asked of is no condition that an index answers.
    expect(/\(k\.search_vector @@ [^)]*\) is true/.test(sql)).toBe(!asksIndex);
  },
);
