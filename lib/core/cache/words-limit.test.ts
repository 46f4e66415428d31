import { expect, it } from "vitest";
import { wordsLimit, wordsLimitOf } from "./semantic-decision.ts";

it("serves other wordings by similarity only with the embedder whose similarities were measured", () => {
  expect(wordsLimitOf("all-minilm 797b70c llama.cpp")).toBe(wordsLimit);
  expect(wordsLimitOf("all-minilm:latest 797b70c")).toBe(wordsLimit);
  expect(wordsLimitOf("nomic-embed-text:latest 0a10")).toBeNull();
  expect(wordsLimitOf("my/all-minilm:latest 797b70c")).toBeNull();
});
