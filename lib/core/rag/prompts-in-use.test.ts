import { expect, it } from "vitest";
import { noInstructions } from "../chat/answer-instructions.ts";
import { generalPrompt, phraserPrompt } from "./prompt.ts";
import { promptsInUse } from "./prompts-in-use.ts";

it("the key of kept answers holds every word that models are told", () => {
  const passage = { citation: 1, title: "", text: "" };
  const asked = { question: "", essentials: [passage], passages: [], history: [] };
  const limits = { prefillPerSecond: 1000, windowTokens: 4096 };
  const told = [...phraserPrompt(asked, limits), ...generalPrompt("", noInstructions)];
  const words = told.flatMap(({ content }) => content.split(/\s+/));
  expect(words.length).toBeGreaterThan(40);
  const inKey = JSON.parse(promptsInUse) as readonly (readonly { readonly content: string }[])[];
  const held = new Set(inKey.flat().flatMap(({ content }) => content.split(/\s+/)));
  expect(words.filter((word) => /^[A-Za-z]+[.,]?$/.test(word) && !held.has(word))).toEqual([]);
});
