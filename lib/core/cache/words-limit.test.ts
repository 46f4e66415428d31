import { expect, it } from "vitest";
import { calibrationOf, wordsLimit } from "./semantic-decision.ts";

it("serves other wordings by similarity only with the embedder whose similarities were measured", () => {
  const wordsOf = (embedder: string) => calibrationOf(embedder).words;
  expect(wordsOf("all-minilm 797b70c llama.cpp")).toBe(wordsLimit);
  expect(wordsOf("all-minilm:latest 797b70c")).toBe(wordsLimit);
  expect(wordsOf("nomic-embed-text:latest 0a10")).toBeNull();
  expect(wordsOf("my/all-minilm:latest 797b70c")).toBeNull();
  expect(calibrationOf("nomic-embed-text:latest 0a10").tally.served).toBe(0);
});
