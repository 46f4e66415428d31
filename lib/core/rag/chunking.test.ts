import fc from "fast-check";
import { describe, expect, it } from "vitest";
import {
  type ChunkableBlock,
  type ChunkableDocument,
  chunkContext,
  chunkDocument,
  chunkLimits,
  fitHeadingPath,
} from "./chunking.ts";
import { embeddingTokens } from "./embedding-tokens.ts";

type Part = Pick<ChunkableBlock, "kind"> & { readonly text: string; readonly level?: number };

/** A document of these parts, laid out as the parsers do. */
function documentOf(parts: readonly Part[], pageEvery = 0): ChunkableDocument {
  const blocks: ChunkableBlock[] = [];
  const pages: [number, number][] = [];
  let text = "";
  for (const [index, part] of parts.entries()) {
    if (text !== "") text += "\n\n";
    if (pageEvery > 0 && index % pageEvery === 0) {
      const last = pages.at(-1);
      if (last !== undefined) last[1] = text.length;
      pages.push([text.length, text.length]);
    }
    const start = text.length;
    text += part.text;
    blocks.push({ kind: part.kind, start, end: text.length, level: part.level ?? 0 });
  }
  const last = pages.at(-1);
  if (last !== undefined) last[1] = text.length;
  return { text, pages, blocks };
}

const heading = (text: string, level: number): Part => ({ kind: "heading", text, level });
const paragraph = (text: string): Part => ({ kind: "paragraph", text });
const sentence = (word: string, count: number): string =>
  Array.from({ length: count }, () => `The ${word} stands on the shelf beside the door.`).join(" ");

const anyText = fc.oneof(
  fc.string({ unit: "grapheme", minLength: 1, maxLength: 400 }),
  fc.lorem({ maxCount: 60 }),
  fc.lorem({ maxCount: 500 }),
  fc.constantFrom("日本語の文章です。", "a".repeat(3000), "👩‍👩‍👧 ".repeat(200), "x | y\n".repeat(200)),
);
const anyPart: fc.Arbitrary<Part> = fc.record({
  kind: fc.constantFrom("heading", "paragraph", "list", "table", "code"),
  text: anyText,
  level: fc.integer({ min: 1, max: 6 }),
});
const anyDocument = fc
  .tuple(fc.array(anyPart, { maxLength: 12 }), fc.integer({ min: 0, max: 4 }))
  .map(([parts, pageEvery]) => documentOf(parts, pageEvery));

describe("chunkDocument", () => {
  it("keeps every chunk's range exact, in order, within the limits and on the right page", () => {
    fc.assert(
      fc.property(anyDocument, (document) => {
        let previousEnd = 0;
        for (const [index, chunk] of chunkDocument(document).entries()) {
          expect(document.text.slice(chunk.charStart, chunk.charEnd)).toBe(chunk.text);
          expect(chunk.ordinal).toBe(index);
          expect(chunk.charStart).toBeGreaterThanOrEqual(previousEnd);
          expect(chunk.text.trim()).toBe(chunk.text);
          expect(chunk.text).not.toBe("");
          expect(embeddingTokens(chunk.text)).toBeLessThanOrEqual(chunkLimits.textTokens + 0.001);
          expect(embeddingTokens(chunkContext("A title", chunk))).toBeLessThanOrEqual(
            chunkLimits.textTokens + chunkLimits.headingTokens + 2,
          );
          const page = document.pages[(chunk.page ?? 0) - 1];
          if (document.pages.length === 0) expect(chunk.page).toBeNull();
          else if (chunk.charStart >= (document.pages[0]?.[0] ?? 0))
            expect(chunk.charStart).toBeGreaterThanOrEqual(page?.[0] ?? Infinity);
          previousEnd = chunk.charEnd;
        }
      }),
      { numRuns: 150 },
    );
  });

  it("loses nothing that is not a heading or white space", () => {
    fc.assert(
      fc.property(anyDocument, (document) => {
        const chunks = chunkDocument(document);
        const covered = (at: number) =>
          chunks.some((chunk) => at >= chunk.charStart && at < chunk.charEnd);
        for (const block of document.blocks.filter(({ kind }) => kind !== "heading")) {
          for (let at = block.start; at < block.end; at += 37) {
            if (/\S/.test(document.text[at] ?? "")) expect(covered(at)).toBe(true);
          }
        }
      }),
      { numRuns: 60 },
    );
  });

  it("never cuts inside a character", () => {
    const text = "👩".repeat(3000);
    for (const chunk of chunkDocument({ text, pages: [], blocks: [] }))
      expect(chunk.text).toMatch(/^(?:👩)+$/u);
  });

  it("gives each chunk the headings above it, and none of the parts beside it", () => {
    const document = documentOf([
      heading("Handbook", 1),
      heading("Tools", 2),
      paragraph(sentence("hammer", 10)),
      heading("Materials", 2),
      paragraph(sentence("plank", 10)),
      heading("Appendix", 1),
      paragraph(sentence("index card", 10)),
    ]);
    expect(chunkDocument(document).map(({ headingPath }) => headingPath)).toEqual([
      ["Handbook", "Tools"],
      ["Handbook", "Materials"],
      ["Appendix"],
    ]);
  });

  it("cuts a long part into chunks of about equal size, at sentences", () => {
    const document = documentOf([heading("Shelf", 1), paragraph(sentence("lamp", 40))]);
    const chunks = chunkDocument(document);
    const sizes = chunks.map(({ text }) => embeddingTokens(text));
    expect(chunks.length).toBeGreaterThan(1);
    expect(Math.min(...sizes)).toBeGreaterThan(Math.max(...sizes) / 2);
    for (const { text } of chunks) expect(text).toMatch(/^The .*door\.$/s);
  });

  it("lets small neighbouring parts share a chunk that shows their headings", () => {
    const document = documentOf([
      heading("Prices", 1),
      heading("Apples", 2),
      paragraph("Two crowns."),
      heading("Pears", 2),
      paragraph("Three crowns."),
    ]);
    expect(chunkDocument(document)).toMatchObject([
      { headingPath: ["Prices"], text: "Apples\n\nTwo crowns.\n\nPears\n\nThree crowns." },
    ]);
  });

  it("keeps a heading that has nothing under it findable", () => {
    const document = documentOf([heading("Opening hours: daily 9 to 5", 2), heading("End", 2)]);
    const found = chunkDocument(document).map(({ text }) => text);
    expect(found.join(" ")).toContain("Opening hours: daily 9 to 5");
  });

  it("closes a chunk at the end of its page once it holds enough", () => {
    const parts = Array.from({ length: 4 }, (_, index) =>
      paragraph(sentence(`page ${String(index)}`, 9)),
    );
    const document = documentOf(parts, 1);
    expect(chunkDocument(document).map(({ page }) => page)).toEqual([1, 2, 3, 4]);
  });

  it("cuts tables between rows", () => {
    const rows = Array.from(
      { length: 80 },
      (_, row) => `Row ${String(row)} | value ${String(row)}`,
    );
    const document = documentOf([{ kind: "table", text: rows.join("\n") }]);
    for (const { text } of chunkDocument(document)) expect(text).toMatch(/^Row .*value \d+$/s);
  });

  it("repeats the header of a table that it cuts, and takes its room from the rows", () => {
    const rows = Array.from(
      { length: 60 },
      (_, row) => `Harbour ${String(row)} | ${String(row)} m`,
    );
    const header = "Name of the harbour | Depth at low water";
    const document = documentOf([
      heading("Depths", 1),
      { kind: "table", text: ["Measured by hand", header, ...rows].join("\n") },
    ]);
    const [first, ...later] = chunkDocument(document);
    expect(first).toMatchObject({ headingPath: ["Depths"] });
    expect(first?.text).toContain(header);
    expect(later.length).toBeGreaterThan(1);
    for (const chunk of later) {
      expect(chunk.headingPath).toEqual(["Depths", header]);
      expect(chunk.text).toMatch(/^Harbour .* m$/s);
    }
  });

  it("repeats no row of figures as if it named the columns", () => {
    const rows = Array.from({ length: 120 }, (_, row) => `Kiel | ${String(row)}`);
    for (const { headingPath } of chunkDocument(
      documentOf([{ kind: "table", text: rows.join("\n") }]),
    ))
      expect(headingPath).toEqual([]);
  });

  it("repeats the line that opens a long function", () => {
    const lines = Array.from({ length: 80 }, (_, index) => `    total += prices[${String(index)}]`);
    const text = ["# adds up", "def total_price(prices):", ...lines].join("\n");
    const [first, ...later] = chunkDocument(documentOf([{ kind: "code", text }]));
    expect(first?.headingPath).toEqual([]);
    expect(later.length).toBeGreaterThan(0);
    for (const { headingPath } of later) expect(headingPath).toEqual(["def total_price(prices):"]);
  });

  it("gives the same chunks every time", () => {
    const document = documentOf([heading("A", 1), paragraph(sentence("cup", 50))]);
    expect(chunkDocument(document)).toEqual(chunkDocument(document));
  });

  it("has no chunk for a document without text", () => {
    expect(chunkDocument({ text: " \n ", pages: [], blocks: [] })).toEqual([]);
  });
});

describe("fitHeadingPath", () => {
  it("drops outer headings before inner ones", () => {
    const path = ["Outer ".repeat(20).trim(), "Middle", "Inner"];
    expect(fitHeadingPath(path, 30)).toEqual(["Middle", "Inner"]);
  });
  it("cuts a single long heading at a word", () => {
    const [only] = fitHeadingPath(["word ".repeat(60).trim()], 30);
    expect(only).toMatch(/^word( word)*$/);
    expect(embeddingTokens(only ?? "")).toBeLessThanOrEqual(30);
  });
  it("leaves out a heading that cannot be cut", () => {
    expect(fitHeadingPath(["x".repeat(500)], 30)).toEqual([]);
    expect(fitHeadingPath([], 30)).toEqual([]);
  });
});

describe("chunkContext", () => {
  it("puts the headings in front", () => {
    expect(chunkContext("T", { headingPath: ["A", "B"], text: "c" })).toBe("T > A > B\nc");
    expect(chunkContext("T", { headingPath: [], text: "c" })).toBe("T\nc");
    expect(chunkContext("", { headingPath: [], text: "c" })).toBe("c");
  });
  it("does not say the title twice", () => {
    expect(chunkContext("a", { headingPath: ["A", "B"], text: "c" })).toBe("A > B\nc");
  });
  it("leaves a title out that would fill the embedder's window", () => {
    const long = Array.from({ length: 40 }, () => "word").join(" ");
    expect(chunkContext(long, { headingPath: ["A"], text: "c" })).toBe("A\nc");
  });
});
