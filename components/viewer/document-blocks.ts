import type { DocumentText } from "#components/api/shapes.ts";

/** A stretch of a text: UTF-16 units, the end not included. */
export interface TextRange {
  readonly start: number;
  readonly end: number;
}

/** A paragraph or heading of a document as it was read. */
export interface Block extends TextRange {
  readonly heading: number | null;
  /** Number of the page that begins with this block. */
  readonly page: number | null;
}

export type Mark = "plain" | "passage" | "quote";

export interface Piece extends TextRange {
  readonly mark: Mark;
}

/** Longest block, in UTF-16 units: a text without blank lines is cut at a line end so that it stays quick to show. */
const longestBlock = 4_000;

const blankLines = /\n[^\S\n]*\n\s*/gu;

const trimmed = (text: string, start: number, end: number): TextRange | null => {
  let from = start;
  let to = end;
  while (from < to && /\s/u.test(text[from] ?? "")) from += 1;
  while (to > from && /\s/u.test(text[to - 1] ?? "")) to -= 1;
  return from < to ? { start: from, end: to } : null;
};

const cutLong = (text: string, { start, end }: TextRange): readonly number[] => {
  const cuts: number[] = [];
  let from = start;
  while (end - from > longestBlock) {
    const lineEnd = text.lastIndexOf("\n", from + longestBlock);
    const wordEnd = text.lastIndexOf(" ", from + longestBlock);
    const best = [lineEnd, wordEnd].find((at) => at > from + longestBlock / 2);
    from = best ?? from + longestBlock;
    cuts.push(from);
  }
  return cuts;
};

const cutPoints = (document: DocumentText): readonly number[] => {
  const { text, headings, pages } = document;
  const cuts = new Set<number>([0, text.length]);
  for (const found of text.matchAll(blankLines)) cuts.add(found.index);
  for (const { start, end } of headings) {
    cuts.add(start);
    cuts.add(end);
  }
  for (const [start] of pages) cuts.add(start);
  const sorted = [...cuts].filter((at) => at >= 0 && at <= text.length).sort((a, b) => a - b);
  return sorted.flatMap((start, index) => {
    const end = sorted[index + 1] ?? start;
    return [start, ...cutLong(text, { start, end })];
  });
};

/** Splits a document into blocks that keep their place in its text. White space between them is in none. */
export const splitBlocks = (document: DocumentText): readonly Block[] => {
  const { text, headings, pages } = document;
  const cuts = cutPoints(document);
  const blocks: Block[] = [];
  let nextPage = 0;
  cuts.forEach((start, index) => {
    const range = trimmed(text, start, cuts[index + 1] ?? start);
    if (range === null) return;
    let page: number | null = null;
    while (nextPage < pages.length && (pages[nextPage]?.[0] ?? Infinity) <= range.start) {
      nextPage += 1;
      page = nextPage;
    }
    const heading = headings.find((one) => one.start <= range.start && range.end <= one.end);
    blocks.push({ ...range, heading: heading?.level ?? null, page });
  });
  return blocks;
};

const overlaps = (one: TextRange, other: TextRange): boolean =>
  one.start < other.end && other.start < one.end;

/** Cuts a block where a passage or a quote begins or ends inside it. */
export const markPieces = (
  block: TextRange,
  passage: TextRange | null,
  quote: TextRange | null,
): readonly Piece[] => {
  const cuts = new Set([block.start, block.end]);
  for (const range of [passage, quote]) {
    if (range === null || !overlaps(block, range)) continue;
    cuts.add(Math.max(block.start, range.start));
    cuts.add(Math.min(block.end, range.end));
  }
  const sorted = [...cuts].sort((a, b) => a - b);
  return sorted.slice(0, -1).map((start, index) => {
    const end = sorted[index + 1] ?? start;
    const piece = { start, end };
    const within = (range: TextRange | null): boolean => range !== null && overlaps(piece, range);
    return { ...piece, mark: within(quote) ? "quote" : within(passage) ? "passage" : "plain" };
  });
};

/** First and last block to show: those that hold the focus, with at least `reach` units of text on each side. */
export const windowAround = (
  blocks: readonly Block[],
  focus: TextRange | null,
  reach: number,
): { readonly first: number; readonly last: number } => {
  if (blocks.length === 0) return { first: 0, last: -1 };
  const from = focus?.start ?? 0;
  const to = focus?.end ?? 0;
  const firstAfter = blocks.findIndex((block) => block.end > from - reach);
  const pastEnd = blocks.findIndex((block) => block.start >= to + reach);
  return {
    first: firstAfter === -1 ? blocks.length - 1 : firstAfter,
    last: pastEnd === -1 ? blocks.length - 1 : Math.max(0, pastEnd - 1),
  };
};
