import { describe, expect, it } from "vitest";
import { carriedText, needsEarlierTurns } from "./follow-up.ts";

const before = ["How long is the warranty of the Aurora 300 pump?"];

describe("needsEarlierTurns", () => {
  it.each([
    "Why?",
    "How much does it cost?",
    "and in winter",
    "I meant the smaller one",
    "Who sells them there?",
    "Cool. Tell me more.",
    "Which ones do you recommend?",
    "Okay, but so what?",
  ])("sees a follow-up: %s", (question) => {
    expect(needsEarlierTurns(question, before)).toBe(true);
  });
  it.each([
    "What is the height of the Eiffel Tower?",
    "Which office in Lisbon repairs the Aurora 300 pump?",
    "When did Marie Curie win the Nobel Prize in Chemistry?",
  ])("leaves a whole question as it is: %s", (question) => {
    expect(needsEarlierTurns(question, before)).toBe(false);
  });
  it("never takes the first turn for a follow-up", () => {
    expect(needsEarlierTurns("Why?", [])).toBe(false);
  });
});

describe("carriedText", () => {
  it("is the question before, after the words of older ones that it lacks", () => {
    expect(carriedText(["Does the Aurora pump need oil?", "What about the filter?"])).toBe(
      "Aurora pump need oil What about the filter?",
    );
  });
  it("keeps to a few words, those of the newest turns", () => {
    const old = Array.from({ length: 40 }, (_, at) => "x".repeat(at + 4)).join(" ");
    const words = carriedText([old, "the newest valve", "why"]).split(" ");
    expect(words).toHaveLength(25);
    expect(words).toContain("valve");
  });
  it("carries the names of the last answer, and what it says more than once", () => {
    const answer =
      "The pump is sold by Oliveira Filters in Lisbon. The seals of older models leak; seals are not covered.";
    expect(carriedText(["Who sells the pump?"], answer)).toBe(
      "Oliveira Filters Lisbon seals Who sells the pump?",
    );
  });
  it("has nothing to carry without earlier turns", () => {
    expect(carriedText([])).toBe("");
  });
});
