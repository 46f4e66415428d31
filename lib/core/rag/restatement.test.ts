import { describe, expect, it } from "vitest";
import { restates } from "./restatement.ts";

const quote =
  "The Aurora 300 pump, built in Lisbon since 2019, has a warranty of 24 months; the Borealis 500 pump has one of 36 months.";
const question = "How long is the warranty of the Aurora 300 pump?";

describe("restates", () => {
  it.each([
    "The warranty of the Aurora 300 pump is 24 months.",
    "The Aurora 300 pump has a warranty of 24 months.",
    "The Aurora 300 pump has indeed been built in Lisbon since 2019.",
  ])("accepts other order and fewer words: %s", (line) => {
    expect(restates(line, quote, question)).toBe(true);
  });

  it.each([
    ["another thing's figure", "The warranty of the Aurora 300 pump is 36 months."],
    ["a word of its own", "The warranty of the Aurora 300 pump is 24 months worldwide."],
    ["a figure of its own", "The warranty of the Aurora 300 pump is 48 months."],
    ["a denial", "The warranty of the Aurora 300 pump is not 24 months."],
    ["the question alone", "The warranty of the Aurora 300 pump."],
    ["the same thing again and again", "24 months of 24 months of 24 months."],
    ["another thing's place", "The Borealis 500 pump is built in Lisbon."],
  ])("refuses %s: %s", (_, line) => {
    expect(restates(line, quote, question)).toBe(false);
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

  it("refuses a line that breaks off", () => {
    expect(restates("The warranty of the Aurora 300 pump is", quote, question)).toBe(false);
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
  ])("refuses “%s” for “%s”", (line, said) => {
    expect(restates(line, said, "What is it?")).toBe(false);
  });

  it("keeps figures with what they count, in the line or in the question", () => {
    const said = "The largest prime has 22,338,618 decimal digits.";
    expect(restates("The largest prime has 22,338,618 decimal digits.", said, "?")).toBe(true);
    expect(restates("The answer is: 22,338,618.", said, "How many decimal digits?")).toBe(true);
  });

  it("keeps side by side what figures belong together", () => {
    const said = "The prize of 1901 was 150,782 crowns, equal to 7,731,004 crowns of 2007.";
    expect(restates("The prize of 1901 was 150,782 crowns.", said, "?")).toBe(true);
    expect(restates("The prize was 150,782 crowns of 1901.", said, "?")).toBe(true);
    expect(restates("The prize was 150,782 crowns of 2007.", said, "?")).toBe(false);
  });

  it("counts number words among them", () => {
    const said =
      "The season has 20 episodes, of which ten were shown in the summer of 2016 and ten in 2017.";
    expect(restates("The season has 20 episodes.", said, "?")).toBe(true);
    expect(restates("The season has 20 episodes in 2016.", said, "?")).toBe(false);
  });

  it("keeps the question's words at the place that they have in the quote", () => {
    const asked = "Which song is about a wedding?";
    const said =
      "The Sailor was her first single. (The Captain came later.) The video for the song shows a strange wedding.";
    expect(restates("The video for the song shows a wedding.", said, asked)).toBe(true);
    expect(restates("Her first single is a song about a wedding.", said, asked)).toBe(false);
  });

  it("does not say of the quote's subject all that the question says", () => {
    const said = "Botany is a science of living things.";
    const asked = "Which science deals with the wild flowers of gardens?";
    expect(restates("Botany is a science that deals with things.", said, asked)).toBe(true);
    expect(restates("Botany is a science of wild garden flowers.", said, asked)).toBe(false);
  });

  it("says names whole", () => {
    const said = "It Rained at the Summer Fair is a film with Ada Stone - Hill and Max Bell.";
    expect(restates("It Rained at the Summer Fair is a film.", said, "?")).toBe(true);
    expect(restates("The Summer Fair is a film.", said, "?")).toBe(false);
    expect(restates("A film with Ada Stone-Hill.", said, "?")).toBe(true);
    expect(restates("A film with Ada Stone.", said, "?")).toBe(false);
  });

  it("refuses a line in which somebody speaks", () => {
    const said = "I'm a Pilot is a British show.";
    expect(restates("I'm a British show.", said, "What is it?")).toBe(false);
    expect(restates("It is a British show.", said, "What is it?")).toBe(true);
  });

  it("refuses to compare with more than the quote does", () => {
    const compared = "Such schools set higher fees than other public schools.";
    const asked = "How do their fees compare to other schools?";
    const line = "Such schools set higher fees than other";
    expect(restates(`${line} public schools.`, compared, asked)).toBe(true);
    expect(restates(`${line} schools.`, compared, asked)).toBe(false);
  });
});
