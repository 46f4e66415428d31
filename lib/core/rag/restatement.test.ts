import { describe, expect, it } from "vitest";
import { restates } from "./restatement.ts";

const quote =
  "The Aurora 300 pump, built in Lisbon since 2019, has a warranty of 24 months; the Borealis 500 pump has one of 36 months.";
const question = "How long is the warranty of the Aurora 300 pump?";

describe("restates", () => {
  it.each([
    "The Aurora 300 pump, built in Lisbon since 2019, has a warranty of 24 months.",
    "The Aurora 300 pump was built in Lisbon since 2019.",
    "The Aurora 300 pump was built in Lisbon since 2019, and has a warranty.",
  ])("accepts the beginning of the quote: %s", (line) => {
    expect(restates(line, quote, question)).toBe(true);
  });

  it("accepts one short run left out", () => {
    const said =
      "The fair (the old market) opens its gates in the harbour in May and closes in June.";
    expect(restates("The fair opens its gates in the harbour in May.", said, "?")).toBe(true);
    expect(restates("The fair opens in the harbour in May and closes in June.", said, "?")).toBe(
      false,
    );
    expect(restates("The fair (the old market) closes in June.", said, "?")).toBe(false);
  });

  it.each([
    ["another order", "The warranty of the Aurora 300 pump is 24 months."],
    ["another beginning", "The pump is built in Lisbon."],
    ["the next clause's end", "The Aurora 300 pump has one of 36 months."],
    ["a part of what is counted", "The Aurora 300 pump, built in Lisbon since 2019, has 24."],
    ["another thing's figure", "The warranty of the Aurora 300 pump is 36 months."],
    ["a word of its own", "The Aurora 300 pump is built in Lisbon by hand."],
    ["a figure of its own", "The Aurora 300 pump, built in Lisbon since 2020."],
    ["a denial", "The Aurora 300 pump is not built in Lisbon."],
    ["the question alone", "The Aurora 300 pump."],
    ["the same thing again and again", "The Aurora 300 pump, Aurora 300 pump is built in Lisbon."],
  ])("refuses %s: %s", (_, line) => {
    expect(restates(line, quote, question)).toBe(false);
  });

  it("does not end before the word that its last one belongs to", () => {
    const said = "Bessie Coleman was the first woman of her town to fly.";
    expect(restates("Bessie Coleman was the first.", said, "?")).toBe(false);
    expect(restates("Bessie Coleman was the first woman of her town.", said, "?")).toBe(true);
  });

  it("refuses to assert what the quote denies, doubts or reports", () => {
    const asked = "What is in the deal?";
    const line = "The deal includes the films.";
    expect(restates(line, "The deal includes the films.", asked)).toBe(true);
    expect(restates(line, "The deal never includes the films.", asked)).toBe(false);
    expect(restates(line, "It is open whether the deal includes the films.", asked)).toBe(false);
    expect(restates(line, "The deal allegedly includes the films.", asked)).toBe(false);
    expect(restates(line, "The studio said the deal includes the films.", asked)).toBe(false);
  });

  it.each([
    "The Aurora 300 pump, built in Lisbon",
    "The Aurora 300 pump (dawn, built in Lisbon.",
    "The Aurora 300 pump, built in Lisbon by E.A.",
  ])("refuses a line that breaks off: %s", (line) => {
    const said = "The Aurora 300 pump (dawn), built in Lisbon by E.A.";
    expect(restates("The Aurora 300 pump, built in Lisbon.", said, question)).toBe(true);
    expect(restates(line, said, question)).toBe(false);
  });

  it.each([
    ["The largest prime is 22,338,618.", "The largest prime has 22,338,618 decimal digits."],
    ["It has risen by 0.6 degrees.", "It has risen by 0.3 to 0.6 degrees."],
    ["The correct date is May.", "The date of May was correctly quoted."],
    [
      "The gas causes half of it.",
      "They calculate with confidence that the gas causes half of it.",
    ],
    [
      "The second one has the plants.",
      "The second one is large, and the green one has the plants.",
    ],
    ["The reactor is safe.", "The reactor is only said to be safe."],
  ])("refuses “%s” for “%s”", (line, said) => {
    expect(restates(line, said, "What is it?")).toBe(false);
  });

  it("keeps figures with what they count, in the line or in the question", () => {
    const said = "The largest prime has 22,338,618 decimal digits.";
    expect(restates("The largest prime has 22,338,618 decimal digits.", said, "?")).toBe(true);
    expect(restates("The largest prime has 22,338,618 digits.", said, "?")).toBe(false);
  });

  it("leaves out no figure, in digits or in words", () => {
    const said =
      "The season has 20 episodes, of which ten were shown in the summer of 2016 and ten in 2017.";
    expect(restates("The season has 20 episodes.", said, "?")).toBe(true);
    expect(restates("The season has 20 episodes in 2016.", said, "?")).toBe(false);
    expect(restates("The season has episodes.", said, "?")).toBe(false);
    const prize = "The prize was 150 crowns, equal to 700 of 2007.";
    expect(restates("The prize was 150 crowns.", prize, "?")).toBe(true);
    expect(restates("The prize was 150 crowns of 2007.", prize, "?")).toBe(false);
  });

  it("says names whole", () => {
    const said = "It Rained at the Summer Fair is a film with Ada Stone - Hill and Max Bell.";
    expect(restates("It Rained at the Summer Fair is a film.", said, "?")).toBe(true);
    expect(restates("The Summer Fair is a film.", said, "?")).toBe(false);
    expect(restates("It Rained at the Summer Fair is a film with Ada Stone-Hill.", said, "?")).toBe(
      true,
    );
    expect(restates("It Rained at the Summer Fair is a film with Ada Stone.", said, "?")).toBe(
      false,
    );
  });

  it("refuses a line in which somebody speaks", () => {
    const said = "I'm a Pilot is a British show.";
    expect(restates("I'm a British show.", said, "What is it?")).toBe(false);
  });

  it("refuses to compare with more than the quote does", () => {
    const compared = "Such schools set higher fees than other public schools.";
    const asked = "How do their fees compare to other schools?";
    const line = "Such schools set higher fees than other";
    expect(restates(`${line} public schools.`, compared, asked)).toBe(true);
    expect(restates(`${line} schools.`, compared, asked)).toBe(false);
  });
});
