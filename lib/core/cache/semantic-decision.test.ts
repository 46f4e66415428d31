import { describe, expect, it } from "vitest";
import { decideSemantic, formAlone, type EvidenceAgreement } from "./semantic-decision.ts";

const quote = "The deposit for the harbour crane is 400 euros.";
const agreeing: EvidenceAgreement = {
  ...{ findsBestQuote: true, quotesBest: true, isAnswerable: true },
  ...{ sharedQuote: quote, passages: [quote] },
};
const limits = { words: 0.9, answers: 0.85 };

const oneForm = ["How can I reset my password?", "How do you reset the password?"] as const;
const sameWords = ["Is a fast pump safe?", "Are fast pumps safe?"] as const;
const nearForms = ["How can I clean the filter?", "How can I clean the filter properly?"] as const;
const saidAlike = [
  "What is the deposit for the crane?",
  "What is the deposit for the harbour crane?",
] as const;

const decide = (
  [cached, asked]: readonly [string, string],
  cosine: number,
  evidence: Partial<EvidenceAgreement> | null = {},
  within: { words: number | null; answers: number | null } = limits,
): string => {
  const all = evidence === null ? null : { ...agreeing, ...evidence };
  const decision = decideSemantic({ cached, asked, cosine }, all, within);
  return decision.kind === "same" ? decision.by : `not by ${decision.reason}`;
};

describe("one form", () => {
  it("proves by itself, with any embedder and whatever the passages say", () => {
    expect(decide(oneForm, 0.8, null, formAlone)).toBe("form");
    expect(decide(oneForm, 0.8, { findsBestQuote: false, isAnswerable: false })).toBe("form");
  });

  it("has been misread where the questions are far apart", () => {
    expect(decide(oneForm, 0.79)).toBe("not by similarity");
    expect(decide(oneForm, 0.79, null, formAlone)).toBe("not by form");
  });
});

describe("the same words in another form", () => {
  it("are near enough from the limit on", () => {
    expect(decide(sameWords, 0.9)).toBe("words");
    expect(decide(sameWords, 0.89)).toBe("not by similarity");
    expect(decide(sameWords, 0.9, null)).toBe("words");
  });

  it("prove nothing where nothing was calibrated", () => {
    expect(decide(sameWords, 1, {}, formAlone)).toBe("not by form");
    expect(decide(nearForms, 1, {}, formAlone)).toBe("not by form");
  });

  it("need the kept quote among what may answer, and an answer", () => {
    expect(decide(sameWords, 0.95, { quotesBest: false })).toBe("words");
    expect(decide(sameWords, 0.95, { findsBestQuote: false })).toBe("not by evidence");
    expect(decide(sameWords, 0.95, { isAnswerable: false })).toBe("not by evidence");
  });
});

describe("near forms", () => {
  it("need the kept quote to be what the asked wording would be given itself", () => {
    expect(decide(nearForms, 0.9)).toBe("near-form");
    expect(decide(nearForms, 0.89)).toBe("not by similarity");
    expect(decide(nearForms, 0.95, { findsBestQuote: false })).toBe("near-form");
    expect(decide(nearForms, 0.95, { quotesBest: false })).toBe("not by evidence");
    expect(decide(nearForms, 0.95, { isAnswerable: false })).toBe("not by evidence");
  });
});

describe("other words", () => {
  it("are the same where one sentence stands first in both answers and makes them idle", () => {
    expect(decide(saidAlike, 0.85)).toBe("evidence");
    expect(decide(saidAlike, 0.84)).toBe("not by veto");
    expect(decide(saidAlike, 0.95, { sharedQuote: null })).toBe("not by veto");
    expect(decide(saidAlike, 0.95, { isAnswerable: false })).toBe("not by veto");
    const others = [quote, "The deposit for the tower crane is 900 euros."];
    expect(decide(saidAlike, 0.95, { passages: others })).toBe("not by veto");
  });

  it("are not looked at without the passages, nor with an embedder that was not calibrated", () => {
    expect(decide(saidAlike, 1, null)).toBe("not by veto");
    expect(decide(saidAlike, 1, {}, formAlone)).toBe("not by veto");
    expect(decide(saidAlike, 1, {}, { words: 0.9, answers: null })).toBe("not by veto");
  });

  it.each([
    ["What is the deposit for 5 cranes?", "What is the deposit for 6 cranes?"],
    ["Is the deposit due?", "Is the deposit not due?"],
    ["What does the deposit cost?", "What did the deposit cost?"],
  ])("never where a guard sees more than a word: %s / %s", (cached, asked) => {
    expect(decide([cached, asked], 1)).toBe("not by veto");
  });

  it("say which guards objected", () => {
    const pair = { cached: "Is 5 kg allowed?", asked: "Is 6 kg allowed?", cosine: 1 };
    expect(decideSemantic(pair, agreeing, limits)).toMatchObject({
      vetoes: [{ kind: "number", detail: "5 | 6" }, { kind: "word" }],
    });
  });
});
