import { expect, it } from "vitest";
import { frequenciesOf } from "./word-candidates.ts";

it("counts lexemes in what Postgres writes of a vector, whatever characters they have", () => {
  expect(frequenciesOf("")).toEqual({});
  expect(
    frequenciesOf(String.raw`'a\\b':3A 'it''s':1A,7A,90A 'plain':2A 'x:1A ''y':4A,5A`),
  ).toEqual({ [String.raw`a\b`]: 1, "it's": 3, plain: 1, "x:1A 'y": 2 });
});
