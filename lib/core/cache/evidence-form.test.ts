import { describe, expect, it } from "vitest";
import { sameByEvidence } from "./evidence-form.ts";

const quote = "The deposit for the harbour crane in Porto is 400 euros.";
const evidence = { quote, passages: [quote] };

describe("sameByEvidence", () => {
  it.each([
    ["What is the deposit for the crane?", "What should the deposit for the crane be?"],
    ["How do I reset my account password?", "How can one reset the password of an account?"],
    ["What is the deposit for the crane?", "What exactly is the whole deposit for the crane?"],
    ["What is the deposit for the crane?", "What is the deposit for the harbour crane?"],
    ["What is the deposit for the crane?", "What is the deposit for the crane, and why?"],
  ])("%s / %s", (cached, asked) => {
    expect(sameByEvidence(cached, asked, evidence)).toBe(true);
  });

  it.each([
    // Says less than the kept one, whose answer may be of a part.
    ["What is the deposit for the harbour crane?", "What is the deposit for the crane?"],
    // No sentence says it.
    ["What is the deposit for the crane?", "What is the deposit for the used crane?"],
    ["What is the deposit for the crane?", "What is the deposit for the truck?"],
    ["What should I ask the buyer?", "What should the buyer ask me?"],
    ["How do I turn on the alarm?", "How do I turn in the alarm?"],
    ["What is the crane?", "What does the crane do?"],
    ["Which crane belongs to the port?", "Which port belongs to the crane?"],
    ["Does she trust him?", "Does he trust her?"],
    ["The crane came at no time.", "The crane came in no time."],
    ["How does a patient of the doctor pay?", "How does a doctor of the patient pay?"],
  ])("keeps %s and %s apart", (cached, asked) => {
    expect(sameByEvidence(cached, asked, evidence)).toBe(false);
  });

  it("takes a word as idle only when every sentence about the rest has it", () => {
    const [cached, asked] = [
      "What is the deposit for the crane?",
      "What is the deposit for the harbour crane?",
    ];
    const passages = [quote, "The deposit for the tower crane is 900 euros."];
    expect(sameByEvidence(cached, asked, { quote, passages })).toBe(false);
    const others = [quote, "A tower crane is yellow."];
    expect(sameByEvidence(cached, asked, { quote, passages: others })).toBe(true);
  });
});
