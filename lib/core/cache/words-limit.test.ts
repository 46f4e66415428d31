import { expect, it } from "vitest";
import { calibrationOf, limitsFor, wordsLimit } from "./semantic-decision.ts";

it("serves other wordings by similarity only with the embedder whose similarities were measured", () => {
  const wordsOf = (embedder: string) => calibrationOf(embedder).words;
  expect(wordsOf("all-minilm 797b70c llama.cpp")).toBe(wordsLimit);
  expect(wordsOf("all-minilm:latest 797b70c")).toBe(wordsLimit);
  expect(wordsOf("nomic-embed-text:latest 0a10")).toBeNull();
  expect(wordsOf("my/all-minilm:latest 797b70c")).toBeNull();
  expect(calibrationOf("nomic-embed-text:latest 0a10").tally.served).toBe(0);
});

it("serves other wordings of a script that the embedder never learnt by their form alone", () => {
  const [english, thai] = ["How many eggs are laid a day?", "ราชินีผึ้งวางไข่วันละกี่ฟอง"] as const;
  expect(limitsFor("all-minilm:latest 797b70c", english).words).toBe(wordsLimit);
  expect(limitsFor("all-minilm:latest 797b70c", thai)).toEqual({ words: null, answers: null });
});
