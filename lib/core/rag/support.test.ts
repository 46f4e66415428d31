import { describe, expect, it } from "vitest";
import { answersNothing, checkSupport } from "./support.ts";

const passage =
  "The warranty of the Aurora 300 pump is 24 months from the date of purchase. Seals are not covered. It weighs 3.5 kg and costs 1,250 euros.";

describe("answersNothing", () => {
  it.each([
    ["The trend in design is toward integration of what?", true],
    ["The trend is the trend in design.", true],
    ["The two integrated pumps are:", true],
    ["The trend in design is toward integrated pumps.", false],
    ["No.", true],
  ])("tells an answer from an echo: %s", (line, expected) => {
    expect(answersNothing(line, "The trend in design is toward what?")).toBe(expected);
  });
});

describe("checkSupport", () => {
  it.each([
    "The warranty of the Aurora 300 pump is 24 months.",
    "The Aurora 300 pump weighs 3.5 kilograms.",
    "Seals are not covered by the warranty.",
    "The pump costs 1250 euros.",
  ])("accepts what the passage says: %s", (sentence) => {
    expect(checkSupport(sentence, passage, 0.9)).toMatchObject({ supported: true, faults: [] });
  });

  it.each([
    ["number", "The warranty of the Aurora 300 pump is 36 months."],
    ["number", "The warranty of the Aurora 500 pump is 24 months."],
    ["unit", "The warranty of the Aurora 300 pump is 24 years."],
    ["name", "The warranty of the Borealis 300 pump is 24 months."],
    ["time", "The Aurora 300 pump costs 1250 euros today."],
    ["negation", "Seals are covered."],
    ["negation", "The warranty of the Aurora 300 pump is not 24 months."],
    ["place", "The 3.5 kg pump costs 24 euros and the warranty 1,250 months."],
    ["words", "The pump is made from recycled steel in modern factories."],
  ])("finds the fault %s in: %s", (fault, sentence) => {
    const { supported, faults } = checkSupport(sentence, passage, 0.9);
    expect(supported).toBe(false);
    expect(faults).toContain(fault);
  });

  it("lets nobody say without doubt what the passage doubts or only reports", () => {
    for (const doubtful of ["The pump may have leaked.", "The seller said the pump leaked."]) {
      const { supported, faults } = checkSupport("The pump leaked.", doubtful, 0.9);
      expect(supported).toBe(false);
      expect(faults).toContain("doubt");
    }
  });

  it("reads small numbers in words and digits as the same", () => {
    expect(
      checkSupport("The team has 5 members.", "The team has five members.", null).supported,
    ).toBe(true);
  });

  it("refuses a sentence that is near in words but far in meaning", () => {
    const far = checkSupport("The pump weighs 3.5 kg.", passage, 0.2);
    expect(far).toMatchObject({ supported: false, faults: ["meaning"] });
  });

  it("supports nothing that has no content", () => {
    expect(checkSupport("It is so.", passage, 0.9).supported).toBe(false);
  });
});
