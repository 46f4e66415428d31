import { describe, expect, it } from "vitest";
import { exactPhrases } from "./exact-phrases.ts";

describe("exactPhrases", () => {
  it("finds quoted strings in the marks of several languages", () => {
    const { quoted } = exactPhrases(
      'Who wrote "to be or not" and “all the  world”, „sein oder“ or «être là»?',
    );
    expect(quoted).toEqual(["to be or not", "all the world", "sein oder", "être là"]);
  });
  it("takes a single word in quotes for a name, not for a passage to be found before all others", () => {
    expect(exactPhrases('What is a "threshold" in “X.25”?')).toEqual({
      quoted: [],
      identifiers: ["threshold", "X.25"],
    });
  });
  it("finds identifiers, paths, codes and numbers with letters", () => {
    const { identifiers } = exactPhrases(
      "Does parseHeader throw ERR_42 for INC-2024-117 on X.25 in std::vec or lib/a1.ts?",
    );
    expect(identifiers).toEqual([
      "parseHeader",
      "ERR_42",
      "INC-2024-117",
      "X.25",
      "std::vec",
      "lib/a1.ts",
    ]);
  });
  it("takes ordinary words, ordinals, decades, years and numbers for what they are", () => {
    const question =
      "In the 19th century, or the 1990s, was 3.5 % of and/or the state-of-the-art U.S. paid in 1987?";
    expect(exactPhrases(question)).toEqual({ quoted: [], identifiers: [] });
  });
  it("does not take an inch mark or an empty quotation for a phrase", () => {
    expect(exactPhrases('Is the 5" pipe longer than "" or "?!"').quoted).toEqual([]);
  });
  it("keeps to a few", () => {
    const many = Array.from({ length: 50 }, (_, at) => `code_${String(at)}`).join(" ");
    expect(exactPhrases(many).identifiers).toHaveLength(6);
  });
});
