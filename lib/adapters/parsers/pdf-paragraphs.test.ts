import { describe, expect, it } from "vitest";
import type { TextLine } from "./pdf-lines.ts";
import {
  joinLines,
  measureTypography,
  toParagraphs,
  withoutRunningLines,
} from "./pdf-paragraphs.ts";

const line = (text: string, y: number, change: Partial<TextLine> = {}): TextLine => ({
  text,
  x: 50,
  endX: 550,
  y,
  size: 10,
  ...change,
});
const filler = "These words fill a line of the page from one margin to the other one";

function paragraphs(...lines: TextLine[]) {
  return toParagraphs(lines, measureTypography([lines])).map(({ kind, level, text }) =>
    kind === "heading" ? `h${String(level)} ${text}` : `${kind} ${text}`,
  );
}

describe("joinLines", () => {
  it("makes one word of what the line end divided, and keeps real dashes", () => {
    expect(joinLines(["The commit-", "tee met"])).toBe("The committee met");
    expect(joinLines(["The A-", "Team met"])).toBe("The A-Team met");
    expect(joinLines(["one", "two"])).toBe("one two");
  });
  it("puts no space between lines of scripts without spaces", () => {
    expect(joinLines(["日本", "語の"])).toBe("日本語の");
  });
});

describe("toParagraphs", () => {
  it("joins the lines of a paragraph and begins a new one after a gap", () => {
    expect(
      paragraphs(line(filler, 100), line("ends here.", 88), line(filler, 60), line("too.", 48)),
    ).toEqual([`paragraph ${filler} ends here.`, `paragraph ${filler} too.`]);
  });
  it("goes on with a sentence in the next column, and with nothing that begins anew", () => {
    expect(
      paragraphs(line(filler, 100), line("until the", 88), line("column ends.", 700, { x: 300 })),
    ).toEqual([`paragraph ${filler} until the column ends.`]);
    expect(
      paragraphs(line(`${filler}.`, 88), line("Another one begins.", 700, { x: 300 })),
    ).toHaveLength(2);
  });
  it("takes larger lines as headings, the largest as the highest", () => {
    expect(
      paragraphs(
        line("Strategic plan", 200, { size: 20 }),
        line("Vision", 170, { size: 14 }),
        line(filler, 150),
        line(filler, 138),
      ),
    ).toEqual(["h1 Strategic plan", "h2 Vision", `paragraph ${filler} ${filler}`]);
  });
  it("takes numbered titles and capitals on a line of their own as headings", () => {
    const body = [line(filler, 150), line(`${filler}.`, 138)];
    expect(paragraphs(line("2.1 Methods", 180), ...body)[0]).toMatch(/^h\d 2\.1 Methods$/);
    expect(paragraphs(line("FINDINGS", 180), ...body)[0]).toMatch(/^h\d FINDINGS$/);
    expect(paragraphs(line("42 percent of 17", 180), ...body)[0]).toMatch(/^paragraph/);
  });
  it("keeps bullets apart and rows of a table together", () => {
    expect(paragraphs(line("• one", 100), line("• two", 88))).toEqual(["list • one", "list • two"]);
    expect(
      paragraphs(line("Day | Time", 100), line("Monday | 6:10", 88), line(filler, 60)),
    ).toEqual(["table Day | Time\nMonday | 6:10", `paragraph ${filler}`]);
  });
});

describe("withoutRunningLines", () => {
  const page = (number: number): TextLine[] => [
    line("Strategic plan 2022", 780),
    line(`What page ${"abcdef"[number] ?? ""} alone says`, 400),
    line("and its second line", 388),
    line("and its third line", 376),
    line(`Page ${String(number)} of 6`, 30),
  ];

  it("drops titles and page numbers that return at the same place", () => {
    const pages = withoutRunningLines([0, 1, 2, 3, 4, 5].map(page));
    expect(pages.flat().filter(({ y }) => y === 780 || y === 30)).toEqual([]);
    expect(pages.flat().filter(({ y }) => y === 400)).toHaveLength(6);
  });
  it("leaves short documents as they are", () => {
    const pages = [0, 1, 2].map(page);
    expect(withoutRunningLines(pages)).toEqual(pages);
  });
});
