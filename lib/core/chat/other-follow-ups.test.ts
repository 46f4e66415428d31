import { readFileSync } from "node:fs";
import { describe, expect, it } from "vitest";
import { needsEarlierTurns } from "./follow-up.ts";
import { needsEarlierByWords } from "./other-follow-ups.ts";

interface LanguageSet {
  readonly language: string;
  readonly documents: readonly { readonly question: string }[];
  readonly foreign: readonly string[];
  readonly followUps: { readonly after: string; readonly turns: readonly string[] };
}

const sets = readFileSync("testing/fixtures/languages/questions.jsonl", "utf8")
  .trim()
  .split("\n")
  .map((line) => JSON.parse(line) as LanguageSet);
const shareOf = (turns: readonly boolean[]): number => turns.filter(Boolean).length / turns.length;

describe("turns in fifteen languages", () => {
  it("are left as they are where they stand alone", () => {
    const changed = sets.flatMap(({ documents, foreign }) => {
      const asked = [...documents.map(({ question }) => question), ...foreign];
      return asked.flatMap((question, at) => {
        const [before = "", earlier = ""] = [asked.at(at - 3), asked.at(at - 5)];
        return [[before], [earlier, before]].map((turns) => needsEarlierTurns(question, turns));
      });
    });
    expect(changed.length).toBe(360);
    expect(shareOf(changed)).toBeLessThanOrEqual(0.05);
  });

  it.each(sets.map(({ language, followUps }) => [language, followUps] as const))(
    "are taken for what they are where they do not: %s",
    (_, { after, turns }) => {
      expect(shareOf(turns.map((turn) => needsEarlierTurns(turn, [after])))).toBeGreaterThan(0.8);
    },
  );

  it.each([
    "How do I use su in Debian?",
    "What is the capital of SA?",
    "Tell me about SES.",
    "Which pumps were replaced in 2031?",
  ])("say nothing of English: %s", (text) => {
    expect(needsEarlierByWords(text, 2)).toBe(null);
  });

  it("take no polite form of address for a pronoun", () => {
    expect(needsEarlierByWords("¿Cuál es su política de devoluciones?", 4)).toBe(null);
    expect(needsEarlierByWords("Was kosten Ihre Pumpen?", 4)).toBe(null);
  });

  it.each(["น้ำมันคืออะไร", "ما هي عاصمة أستراليا؟", "其他城市在哪里？"])(
    "do not take a part of a word, or a copula, for a pronoun: %s",
    (text) => {
      expect(needsEarlierByWords(text, 3)).toBe(false);
    },
  );
});
