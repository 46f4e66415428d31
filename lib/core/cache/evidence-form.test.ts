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

  it("reads a compound for one “of” with one or two words on either side", () => {
    const same = (one: string, other: string): boolean => {
      expect(sameByEvidence(other, one, evidence)).toBe(sameByEvidence(one, other, evidence));
      return sameByEvidence(one, other, evidence);
    };
    expect(same("Find the keel of ships", "Find the ship keel")).toBe(false);
    expect(same("How do I paint the keel of ships?", "How do I paint the ship keel?")).toBe(true);
    expect(same("How do I paint the oak keel of ships?", "How do I paint the ship oak keel?")).toBe(
      true,
    );
    expect(same("How do I paint the keel of old ships?", "How do I paint the old ship keel?")).toBe(
      true,
    );
    expect(same("How do I paint the keel of ships red?", "How do I paint the ship keel red?")).toBe(
      true,
    );
    expect(same("How do I paint the keel of ships?", "How do I paint the keel ship?")).toBe(false);
    expect(same("How do I paint the keel by ships?", "How do I paint the ship keel?")).toBe(false);
    // A small word is no part of a compound.
    expect(same("How do I get out of ships?", "How do I get ship out?")).toBe(false);
  });

  it("adds three words at most, and asks for all that the kept wording asks", () => {
    const said = "The deposit for the big old red harbour crane in Porto is 400 euros.";
    const of = (cached: string, asked: string): boolean =>
      sameByEvidence(cached, asked, { quote: said, passages: [said] });
    const cached = "What is the deposit for the crane?";
    expect(of(cached, "What is the deposit for the old red harbour crane?")).toBe(true);
    expect(of(cached, "What is the deposit for the big old red harbour crane?")).toBe(false);
    expect(of(cached, "What is the crane for the deposit?")).toBe(false);
    expect(of("What is the deposit?", "What is the crane?")).toBe(false);
  });

  it("takes two words as said only when every sentence has both", () => {
    const [cached, asked] = [
      "What is the deposit for the crane?",
      "What is the deposit for the Porto harbour crane?",
    ];
    const others = [quote, "The deposit for the harbour crane in Lisbon is 900 euros."];
    expect(sameByEvidence(cached, asked, { quote, passages: [quote] })).toBe(true);
    expect(sameByEvidence(cached, asked, { quote, passages: others })).toBe(false);
  });

  it("takes nothing as said where the quote is about little of what both ask", () => {
    const said = "The crane in Porto is 400 euros.";
    const of = (asked: string): boolean =>
      sameByEvidence("What is the yearly insurance price for the crane?", asked, {
        ...{ quote: said, passages: [said] },
      });
    expect(of("What is the yearly insurance price for the Porto crane?")).toBe(false);
  });
});
