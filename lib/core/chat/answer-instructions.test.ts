import { describe, expect, it } from "vitest";
import {
  instructionsKey,
  instructionsOf,
  noInstructions,
  type InstructingCollection,
} from "./answer-instructions.ts";

const collection = (
  id: string,
  change: Partial<InstructingCollection> = {},
): InstructingCollection => ({
  id,
  name: `Collection ${id}`,
  systemPrompt: "",
  answerStyle: "balanced",
  answerLanguage: "question",
  ...change,
});

describe("instructionsOf", () => {
  it("asks for nothing where no collection does", () => {
    expect(instructionsOf([])).toEqual(noInstructions);
    expect(instructionsOf([collection("a"), collection("b")])).toEqual(noInstructions);
  });

  it("takes a style and a language only when those that chose one agree", () => {
    const german = collection("a", { answerLanguage: "de", answerStyle: "short" });
    expect(instructionsOf([german, collection("b")])).toMatchObject({
      language: "de",
      style: "short",
    });
    const french = collection("c", { answerLanguage: "fr", answerStyle: "thorough" });
    expect(instructionsOf([german, french])).toEqual(noInstructions);
  });

  it("keeps each collection's note under its own name", () => {
    const noted = [collection("a", { systemPrompt: "Be brief." }), collection("b")];
    expect(instructionsOf(noted).notes).toEqual([
      { collectionName: "Collection a", text: "Be brief." },
    ]);
  });
});

describe("instructionsKey", () => {
  it("differs with every field that reaches a model, and not with the order of collections", () => {
    const noted = collection("a", { systemPrompt: "Be brief." });
    const keys = [
      [],
      [noted],
      [collection("b", { systemPrompt: "Be brief." })],
      [{ ...noted, name: "Renamed" }],
      [{ ...noted, systemPrompt: "Be long." }],
      [{ ...noted, answerStyle: "short" } as const],
      [{ ...noted, answerLanguage: "de" } as const],
      [noted, collection("b", { answerStyle: "short" })],
    ].map(instructionsKey);
    expect(new Set(keys).size).toBe(keys.length);
    const both = [noted, collection("b", { answerStyle: "short" })];
    expect(instructionsKey([...both].reverse())).toBe(instructionsKey(both));
  });

  it("is empty where nothing is asked for: such scopes share their answers as before", () => {
    expect(instructionsKey([collection("a"), collection("b")])).toBe("");
  });
});
