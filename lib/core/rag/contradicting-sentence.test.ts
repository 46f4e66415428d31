import { describe, expect, it } from "vitest";
import { contradictingSentence } from "./contradicting-sentence.ts";

const fee = { documentId: "2025", text: "The fee for boats up to 8 metres is 15 euros a night." };
const older = {
  documentId: "2023",
  text: "Open from 8 to 16.\n\nThe fee for boats up to 8 metres is 12 euros a night. Pay at the office.",
};
const found = (
  quote: { readonly documentId: string; readonly text: string },
  ...passages: readonly { readonly documentId: string; readonly text: string }[]
): string | null => {
  const at = contradictingSentence(quote, passages);
  return at === null ? null : (passages[at.passage]?.text.slice(at.start, at.end) ?? null);
};

describe("contradictingSentence", () => {
  it("is the same sentence of another document with another figure, or the opposite", () => {
    expect(found(fee, older)).toBe("The fee for boats up to 8 metres is 12 euros a night.");
    const open = { documentId: "a", text: "The gate is open for visitors." };
    expect(found(open, { documentId: "b", text: "The gate is not open for visitors." })).toBe(
      "The gate is not open for visitors.",
    );
  });
  it("is found whatever endings and accents the words have, in any script", () => {
    const quote = { documentId: "a", text: "Parties pay the visiting fees of 12 euros each day." };
    const other = "The party pays a visitor fee of 15 euros, paid daily.";
    const same = "The parties are paying visits, fee of 15 euros a day.";
    expect(found(quote, { documentId: "b", text: other })).toBeNull();
    expect(found(quote, { documentId: "b", text: same })).toBe(same);
    const arabic = (euros: string) => `الرسوم اليومية للقوارب في الميناء الأول هي ${euros} يورو.`;
    expect(
      found({ documentId: "a", text: arabic("12") }, { documentId: "b", text: arabic("15") }),
    ).toBe(arabic("15"));
  });
  it("is none in the same document, in what says the same, and in what speaks of something else", () => {
    expect(found(fee, { ...older, documentId: "2025" })).toBeNull();
    expect(found(fee, { documentId: "copy", text: fee.text })).toBeNull();
    const longer = "Boats of more than 8 metres pay 24 euros a night.";
    expect(found(fee, { documentId: "2023", text: longer })).toBeNull();
    const deposit = (place: string, euros: string) =>
      `The deposit for the harbour crane in ${place} with driver, fuel, insurance, cleaning and storage of goods for three months is ${euros} euros.`;
    const porto = { documentId: "a", text: deposit("Porto", "400") };
    expect(found(porto, { documentId: "b", text: deposit("Lisbon", "900") })).toBeNull();
    expect(found(porto, { documentId: "b", text: deposit("Porto", "900") })).not.toBeNull();
  });
  it("is none among the rows of forms: another record is no contradiction", () => {
    const record = (id: string, many: number) => ({
      documentId: id,
      text: `Crew Injuries: ${String(many)} Serious | Aircraft Damage: Destroyed`,
    });
    expect(found(record("a", 1), record("b", 2))).toBeNull();
  });
});
