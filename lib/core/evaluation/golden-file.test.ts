import { describe, expect, it } from "vitest";
import { readGoldenLines, readGoldenTable, spanOf } from "./golden-file.ts";

describe("readGoldenLines", () => {
  it("reads our own names and those of the measuring data", () => {
    const { questions, faults } = readGoldenLines(
      [
        '{"question":"One?","file":"a.md","passage":"words"}',
        '{"id":7,"text":"Two?","corpus_id":"b.md","references":[{"content":"there","start":1,"end":6}]}',
        "",
        '{"text":"Three?"}',
      ].join("\r\n"),
    );
    expect(faults).toEqual([]);
    expect(questions).toEqual([
      { question: "One?", fileName: "a.md", passage: "words" },
      { question: "Two?", fileName: "b.md", passage: "there" },
      { question: "Three?", fileName: null, passage: "" },
    ]);
  });

  it("names the line of each fault and keeps the rest", () => {
    const { questions, faults } = readGoldenLines(
      [
        '{"question":"One?"}',
        "{",
        "[1]",
        '{"question":" "}',
        '{"question":"Q","passage":"p"}',
      ].join("\n"),
    );
    expect(questions).toHaveLength(1);
    expect(faults).toEqual([
      "Line 2: no JSON.",
      "Line 3: no JSON object.",
      "Line 4: there is no question.",
      "Line 5: a passage needs the name of its file.",
    ]);
  });

  it("takes nothing of a file with too many", () => {
    const { questions, faults } = readGoldenLines('{"question":"Q"}\n'.repeat(2001));
    expect(questions).toEqual([]);
    expect(faults).toEqual(["A file may hold 2000 questions, not more."]);
  });

  it("drops what no database stores", () => {
    expect(readGoldenLines('{"question":"A\u0000B"}').questions[0]?.question).toBe("AB");
  });
});

describe("readGoldenTable", () => {
  it("reads quoted cells with separators, line ends and quotes, in any order of columns", () => {
    const { questions } = readGoldenTable(
      '\uFEFFfile,question,passage\r\na.md,"Who, ""she"" said\nthen?",words\r\n,Second?,\r\n',
    );
    expect(questions).toEqual([
      { question: 'Who, "she" said\nthen?', fileName: "a.md", passage: "words" },
      { question: "Second?", fileName: null, passage: "" },
    ]);
  });

  it("reads semicolons, and the guard that an export puts before formulas", () => {
    const { questions } = readGoldenTable("question;file\n'=SUM(A1)?;a.md\n");
    expect(questions).toEqual([{ question: "=SUM(A1)?", fileName: "a.md", passage: "" }]);
  });

  it("counts the lines of quoted cells, and says what the first row must be", () => {
    expect(readGoldenTable('question,file,passage\n"a\nb",,\n,,"x"\n').faults).toEqual([
      "Line 4: there is no question.",
    ]);
    expect(readGoldenTable("What?\n").faults).toEqual([
      "The first row must name the columns: question, file, passage.",
    ]);
    expect(readGoldenTable("").faults).toHaveLength(1);
  });
});

describe("spanOf", () => {
  it("finds words over line breaks, with signs that patterns know", () => {
    const text = "It costs\n  $4.50 (net) a day.";
    const [start, end] = spanOf(text, "costs $4.50 (net)") ?? [0, 0];
    expect(text.slice(start, end)).toBe("costs\n  $4.50 (net)");
    expect(spanOf(text, "costs 4")).toBeNull();
    expect(spanOf(text, " ")).toBeNull();
  });
});
