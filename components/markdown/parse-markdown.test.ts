import { describe, expect, it } from "vitest";

import { parseMarkdown } from "./parse-markdown.ts";
import { completePartial } from "./partial-markdown.ts";
import { markSentences } from "./sentence-marks.ts";
import type { Block, Inline } from "./markdown-tree.ts";

const text = (value: string, sentence: number | null = null): Inline => ({
  kind: "text",
  text: value,
  sentence,
});
const paragraph = (...children: readonly Inline[]): Block => ({ kind: "paragraph", children });

describe("parseMarkdown", () => {
  it("reads headings, lists, tables, code and formulas", () => {
    const read = parseMarkdown(
      "## Tides\n\n- [x] **high** at _nine_\n\n| a | b |\n| :- | -: |\n| `1` | 2 |\n\n```ts\nlet x = 1;\n```\n\n$$x^2$$\n\nCosts $5 or $6, and $a+b$.",
    );
    expect(read).toEqual([
      { kind: "heading", level: 2, children: [text("Tides")] },
      {
        kind: "list",
        start: null,
        items: [
          {
            checked: true,
            blocks: [
              paragraph({ kind: "strong", children: [text("high")] }, text(" at "), {
                kind: "emphasis",
                children: [text("nine")],
              }),
            ],
          },
        ],
      },
      {
        kind: "table",
        align: ["left", "right"],
        head: [[text("a")], [text("b")]],
        rows: [[[{ kind: "code", text: "1", sentence: null }], [text("2")]]],
      },
      { kind: "code", language: "ts", text: "let x = 1;", closed: true },
      { kind: "math", tex: "x^2" },
      paragraph(
        text("Costs $5 or $6, and "),
        { kind: "math", tex: "a+b", display: false },
        text("."),
      ),
    ]);
  });

  it("shows HTML as the text it is", () => {
    expect(parseMarkdown("<img src=x onerror=alert(1)> and <b>bold</b>")).toEqual([
      paragraph(text("<img src=x onerror=alert(1)> and <b>bold</b>")),
    ]);
  });

  it("makes links only of absolute addresses of known protocols and never loads an image", () => {
    const link = (href: string, host: string, words: string): Inline => ({
      kind: "link",
      href,
      host,
      children: [text(words)],
    });
    expect(
      parseMarkdown("[a](https://example.org/x) ![p](https://example.org/p.png) [m](mailto:a@b.c)"),
    ).toEqual([
      paragraph(
        link("https://example.org/x", "example.org", "a"),
        text(" "),
        link("https://example.org/p.png", "example.org", "p"),
        text(" "),
        link("mailto:a@b.c", "a@b.c", "m"),
      ),
    ]);
    for (const address of [
      "javascript:alert(1)",
      "JaVaScRiPt:alert(1)",
      "java&#10;script:alert(1)",
      "data:text/html,x",
      "vbscript:x",
      "//example.org/x",
      "/api/session",
      "blob:https://example.org/1",
      "https://user:word@example.org/",
    ]) {
      expect(parseMarkdown(`[a](<${address}>)`)).toEqual([paragraph(text("a"))]);
    }
  });

  it("knows the sentence of every word through emphasis, lists and tables", () => {
    const marked = markSentences([
      { text: "It is **open**.", state: "settled" },
      { text: "It sinks.", state: "folded" },
      { text: "\n\n- _Item_ one.", state: "settled" },
      { text: "More to c", state: "open" },
    ]);
    expect(parseMarkdown(marked)).toEqual([
      paragraph(
        text("It is ", 0),
        { kind: "strong", children: [text("open", 0)] },
        text(".", 0),
        { kind: "end", sentence: 0 },
        text(" "),
        { kind: "fold", sentence: 1 },
      ),
      {
        kind: "list",
        start: null,
        items: [
          {
            checked: null,
            blocks: [
              paragraph(
                { kind: "emphasis", children: [text("Item", 2)] },
                text(" one.", 2),
                { kind: "end", sentence: 2 },
                text(" "),
                text("More to c", 3),
              ),
            ],
          },
        ],
      },
    ]);
  });

  it("keeps the end of a sentence that is code, a formula or a row of a table", () => {
    const marked = markSentences([
      { text: "```js\na[1]\n```", state: "settled" },
      { text: "\n\n| a |\n|---|\n| b |", state: "settled" },
    ]);
    const ends = JSON.stringify(parseMarkdown(marked)).match(/"kind":"end","sentence":\d/gu);
    expect(ends).toEqual(['"kind":"end","sentence":0', '"kind":"end","sentence":1']);
  });

  it("keeps the place of a folded sentence behind a table", () => {
    const marked = markSentences([
      { text: "| a |\n|---|\n| b |", state: "settled" },
      { text: "Folded.", state: "folded" },
    ]);
    expect(JSON.stringify(parseMarkdown(marked))).toContain('"kind":"fold","sentence":1');
  });

  it("reads no marks that a model wrote itself", () => {
    const read = parseMarkdown(markSentences([{ text: "a \ue000\ue100\u2027 b", state: "open" }]));
    expect(read).toEqual([paragraph(text("a \ufffd\ufffd\u2027 b", 0))]);
  });

  it.each([
    ["quotes", ">".repeat(5_000)],
    ["spaced quotes", "> ".repeat(5_000)],
    ["lists", "- ".repeat(3_000)],
    ["brackets", "[".repeat(20_000)],
    ["links", "[a](".repeat(10_000)],
    ["stars", "*a **a ".repeat(10_000)],
    ["ticks", "`a``b```".repeat(5_000)],
    ["one megabyte", "A sentence with a *word*. ".repeat(40_000)],
    ["one megabyte of parts", "A sentence with a *word*.\n\n".repeat(40_000)],
    ["a long table", `| a | b |\n|---|---|\n${"| 1 | 2 |\n".repeat(1_000)}`],
  ])("shows %s without getting lost", (_, hard) => {
    const shown = JSON.stringify(parseMarkdown(hard));
    expect(shown.length).toBeGreaterThan(0);
    expect(JSON.stringify(parseMarkdown(hard))).toBe(shown);
  });

  it("shows as plain text what nests deeper than a person reads", () => {
    expect(parseMarkdown(`${"> ".repeat(40)}deep`)).toEqual([
      { kind: "plain", text: `${"> ".repeat(40)}deep` },
    ]);
  });
});

describe("completePartial", () => {
  it.each([
    ["It is **bol", "It is **bol**"],
    ["It is **", "It is "],
    ["Use `npm", "Use `npm`"],
    ["See [the page](https://exam", "See the page"],
    ["See [the pa", "See the pa"],
    ["See ![chart](https://evil.example/?q=", "See chart"],
    ["```js\nlet a = [", "```js\nlet a = ["],
    ["Done **x** and `y`.", "Done **x** and `y`."],
  ])("ends %j as %j", (partial, whole) => {
    expect(completePartial(partial)).toBe(whole);
  });
});
