import { describe, expect, it } from "vitest";

import type { DocumentText } from "#components/api/shapes.ts";

import { markPieces, splitBlocks, windowAround } from "./document-blocks.ts";

const document = (
  text: string,
  more: Partial<Pick<DocumentText, "pages" | "headings">> = {},
): DocumentText => ({
  documentId: "d",
  versionId: "v",
  isCurrent: true,
  title: "t",
  fileName: "t.txt",
  mediaType: "text/plain",
  collectionId: "c",
  collectionName: "c",
  text,
  pages: [],
  headings: [],
  ...more,
});

describe("splitBlocks", () => {
  it("gives every block its exact place in the text", () => {
    const text = "First line\nsecond line.\n\n  Next one. \n \n\nLast.";
    const blocks = splitBlocks(document(text));
    expect(blocks.map(({ start, end }) => text.slice(start, end))).toEqual([
      "First line\nsecond line.",
      "Next one.",
      "Last.",
    ]);
  });

  it("cuts at headings although no blank line stands around them", () => {
    const text = "Opening\nThe gate opens.";
    const blocks = splitBlocks(document(text, { headings: [{ level: 2, start: 0, end: 7 }] }));
    expect(blocks.map(({ start, end, heading }) => [text.slice(start, end), heading])).toEqual([
      ["Opening", 2],
      ["The gate opens.", null],
    ]);
  });

  it("marks the block that begins a page, skipping pages without text", () => {
    const text = "One.\n\nTwo.\n\nFour.";
    const blocks = splitBlocks(
      document(text, {
        pages: [
          [0, 6],
          [6, 12],
          [12, 12],
          [12, 17],
        ],
      }),
    );
    expect(blocks.map(({ page }) => page)).toEqual([1, 2, 4]);
  });

  it("loses no character of a long text without blank lines", () => {
    const text = Array.from({ length: 3_000 }, (_, index) => `word${String(index)}`).join(" ");
    const blocks = splitBlocks(document(text));
    expect(blocks.length).toBeGreaterThan(3);
    expect(blocks.map(({ start, end }) => text.slice(start, end)).join(" ")).toBe(text);
  });

  it("cuts a text without any space, too", () => {
    const text = "x".repeat(10_000);
    const blocks = splitBlocks(document(text));
    expect(blocks.map(({ start, end }) => text.slice(start, end)).join("")).toBe(text);
    expect(Math.max(...blocks.map(({ start, end }) => end - start))).toBeLessThanOrEqual(4_000);
  });

  it("gives no block for a text of white space", () => {
    expect(splitBlocks(document(" \n\n "))).toEqual([]);
  });
});

describe("markPieces", () => {
  it("marks the quote inside its passage and leaves the rest plain", () => {
    expect(
      markPieces({ start: 10, end: 50 }, { start: 20, end: 60 }, { start: 30, end: 35 }),
    ).toEqual([
      { start: 10, end: 20, mark: "plain" },
      { start: 20, end: 30, mark: "passage" },
      { start: 30, end: 35, mark: "quote" },
      { start: 35, end: 50, mark: "passage" },
    ]);
  });

  it("leaves a block whole that nothing touches, its neighbours' ends included", () => {
    expect(
      markPieces({ start: 10, end: 20 }, { start: 0, end: 10 }, { start: 20, end: 30 }),
    ).toEqual([{ start: 10, end: 20, mark: "plain" }]);
  });
});

describe("windowAround", () => {
  const blocks = Array.from({ length: 100 }, (_, index) => ({
    start: index * 100,
    end: index * 100 + 90,
    heading: null,
    page: null,
  }));

  it("holds the whole focus with the reach on both sides", () => {
    expect(windowAround(blocks, { start: 5_000, end: 5_350 }, 1_000)).toEqual({
      first: 40,
      last: 63,
    });
  });

  it("starts at the beginning without a focus", () => {
    expect(windowAround(blocks, null, 500)).toEqual({ first: 0, last: 4 });
  });

  it("shows the end when the focus lies behind the text", () => {
    expect(windowAround(blocks, { start: 99_999, end: 99_999 }, 10)).toEqual({
      first: 99,
      last: 99,
    });
  });

  it("is empty for an empty document", () => {
    expect(windowAround([], null, 10)).toEqual({ first: 0, last: -1 });
  });
});
