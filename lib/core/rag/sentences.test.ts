import fc from "fast-check";
import { describe, expect, it } from "vitest";
import { splitSentences } from "./sentences.ts";

const sentences = (text: string): readonly string[] =>
  splitSentences(text).map(({ start, end }) => text.slice(start, end));

describe("splitSentences", () => {
  const cases: readonly (readonly [string, string, readonly string[]])[] = [
    [
      "plain prose",
      "One is here. Two is there! Three?",
      ["One is here.", "Two is there!", "Three?"],
    ],
    [
      "titles",
      "Dr. A. Smith met Mrs. Jones. They spoke.",
      ["Dr. A. Smith met Mrs. Jones.", "They spoke."],
    ],
    [
      "decimals",
      "It costs 3.5 million. It weighs 2.25 kg.",
      ["It costs 3.5 million.", "It weighs 2.25 kg."],
    ],
    [
      "initials",
      "J. R. R. Tolkien wrote it. He was English.",
      ["J. R. R. Tolkien wrote it.", "He was English."],
    ],
    [
      "references",
      "See Fig. 3 for details, e.g. the curve. It falls.",
      ["See Fig. 3 for details, e.g. the curve.", "It falls."],
    ],
    [
      "an abbreviation at the end",
      "They sell cups etc. They are cheap.",
      ["They sell cups etc.", "They are cheap."],
    ],
    [
      "quoted speech",
      '"Really?" she said. "Yes." He left.',
      ['"Really?" she said.', '"Yes."', "He left."],
    ],
    [
      "ellipses",
      "He waited… and slept. Then… Nothing came.",
      ["He waited… and slept.", "Then…", "Nothing came."],
    ],
    ["wrapped lines", "A line that\nwraps over. Next.", ["A line that\nwraps over.", "Next."]],
    [
      "list items",
      "Intro:\n- first thing\n- second thing",
      ["Intro:", "- first thing", "- second thing"],
    ],
    ["numbered items", "1. First thing\n2. Second thing.", ["1. First thing", "2. Second thing."]],
    ["headings", "# Title here\nThe text. More.", ["# Title here", "The text.", "More."]],
    ["table rows", "| a | b |\n| c | d |", ["| a | b |", "| c | d |"]],
    [
      "paragraphs without stops",
      "No stop here\n\nNext paragraph",
      ["No stop here", "Next paragraph"],
    ],
    [
      "tokenised corpora",
      "He won in 1975 . She came second .",
      ["He won in 1975 .", "She came second ."],
    ],
    [
      "Arabic",
      "أين يقع النهر؟ يقع في الشمال. إنه طويل!",
      ["أين يقع النهر؟", "يقع في الشمال.", "إنه طويل!"],
    ],
    ["Urdu", "دریا شمال میں ہے۔ یہ لمبا ہے۔", ["دریا شمال میں ہے۔", "یہ لمبا ہے۔"]],
    ["Hindi", "नदी उत्तर में है। वह लंबी है॥ क्यों?", ["नदी उत्तर में है।", "वह लंबी है॥", "क्यों?"]],
    ["Chinese", "第一句。第二句。", ["第一句。", "第二句。"]],
  ];
  it.each(cases)("splits %s", (_name, text, expected) => {
    expect(sentences(text)).toEqual(expected);
  });

  it("loses no word, overlaps nothing and keeps every range inside the text", () => {
    fc.assert(
      fc.property(
        fc.string({ unit: fc.constantFrom("a", "B", ".", " ", "\n", "1", "!", "|", "-") }),
        (text) => {
          const ranges = splitSentences(text);
          let before = 0;
          let kept = "";
          for (const { start, end } of ranges) {
            expect(start).toBeGreaterThanOrEqual(before);
            expect(end).toBeGreaterThan(start);
            kept += text.slice(start, end);
            before = end;
          }
          expect(before).toBeLessThanOrEqual(text.length);
          expect(kept.replace(/\s/g, "")).toBe(text.replace(/\s/g, ""));
        },
      ),
      { numRuns: 300 },
    );
  });

  it("cuts a text without stops at clause marks or spaces, never above 700 characters", () => {
    const parts = sentences(`${"word ".repeat(130)}; ${"more ".repeat(200)}`);
    expect(parts.length).toBeGreaterThan(2);
    expect(parts.every((part) => part.length <= 700)).toBe(true);
    expect(sentences("x".repeat(1500)).map((part) => part.length)).toEqual([700, 700, 100]);
  });

  it("stays fast on a long text of marks", () => {
    const text = ". ? ! | - 1. ".repeat(20_000);
    expect(splitSentences(text).length).toBeGreaterThan(1000);
  });
});
