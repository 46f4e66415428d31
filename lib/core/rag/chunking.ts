import { blockLead } from "./block-lead.ts";
import { embeddingTokens } from "./embedding-tokens.ts";
import { cutToSize, type Piece, trimmedPiece } from "./text-pieces.ts";

export interface ChunkableBlock {
  readonly kind: "heading" | "paragraph" | "list" | "table" | "code";
  readonly start: number;
  readonly end: number;
  readonly level: number;
}

export interface ChunkableDocument {
  readonly text: string;
  readonly pages: readonly (readonly [number, number])[];
  /** In order, not overlapping. */
  readonly blocks: readonly ChunkableBlock[];
}

export interface Chunk {
  readonly ordinal: number;
  /**
   * Outermost heading first, at most 30 tokens altogether; last the header row of the table, or the first line of the
   * program part, that the chunk goes on with (at most 60, taken from the room of the text).
   */
  readonly headingPath: readonly string[];
  /** Page of the first character, from 1. */
  readonly page: number | null;
  readonly charStart: number;
  readonly charEnd: number;
  /** Always `document.text.slice(charStart, charEnd)`. */
  readonly text: string;
}

/** Sizes in estimated tokens (embedding-tokens.ts); text and headings together stay below MiniLM's window of 256. */
export const chunkLimits = {
  textTokens: 210,
  headingTokens: 30,
  /** Neighbouring sections smaller than this share a chunk. */
  smallSection: 50,
  /** Up to this size. */
  sharedChunk: 130,
  /** A page's end closes a chunk of at least this size. */
  pageBreak: 80,
} as const;

/** A piece, and what its block must repeat in front of it when it opens a chunk. */
interface LedPiece extends Piece {
  readonly lead: string | null;
}

/** What stands between two headings. */
interface Section {
  /** Texts of the headings above and of its own. */
  readonly path: readonly string[];
  /** Where its own heading begins; its body's start when there is none. */
  readonly start: number;
  readonly end: number;
  readonly tokens: number;
  readonly pieces: readonly LedPiece[];
}

const separator = " > ";

/** The deepest headings say most: outer ones give way first, and a single long one is cut at a word. */
export function fitHeadingPath(path: readonly string[], maxTokens: number): readonly string[] {
  const kept = [...path];
  const size = () => embeddingTokens(kept.join(separator));
  while (kept.length > 1 && size() > maxTokens) kept.shift();
  const words = (kept[0] ?? "").split(" ");
  while (words.length > 1 && embeddingTokens(words.join(" ")) > maxTokens) words.pop();
  if (embeddingTokens(words.join(" ")) > maxTokens) return [];
  return kept.length === 0 ? [] : [words.join(" "), ...kept.slice(1)];
}

/**
 * What the embedder and the lexical leg see of a chunk: its document's title and its headings in front of its text.
 * Measured without titles: words lose .02 to .04 nDCG@10 where titles name the subject, vectors .01.
 */
export function chunkContext(
  title: string,
  chunk: { readonly headingPath: readonly string[]; readonly text: string },
): string {
  const isFirstHeading = chunk.headingPath[0]?.toLowerCase() === title.toLowerCase();
  const path = isFirstHeading || title === "" ? chunk.headingPath : [title, ...chunk.headingPath];
  const fitting = fitHeadingPath(path, chunkLimits.headingTokens);
  return fitting.length === 0 ? chunk.text : `${fitting.join(separator)}\n${chunk.text}`;
}

function blockPieces(text: string, block: ChunkableBlock): LedPiece[] {
  const piece = trimmedPiece(text, block.start, block.end);
  if (piece === null) return [];
  if (piece.tokens <= chunkLimits.textTokens) return [{ ...piece, lead: null }];
  const lead = blockLead(block.kind, text.slice(piece.start, piece.end));
  const room = chunkLimits.textTokens - embeddingTokens(lead ?? "");
  return cutToSize(text, piece, room).map((part, index) => ({
    ...part,
    // The first piece holds that line itself.
    lead: index === 0 ? null : lead,
  }));
}

const bodyPieces = (text: string, blocks: readonly ChunkableBlock[]): LedPiece[] =>
  blocks.flatMap((block) => blockPieces(text, block));

/** A document without blocks is one paragraph. */
const blocksOf = (document: ChunkableDocument): readonly ChunkableBlock[] =>
  document.blocks.length > 0
    ? document.blocks
    : [{ kind: "paragraph", start: 0, end: document.text.length, level: 0 }];

interface OpenHeading {
  readonly level: number;
  readonly text: string;
  readonly block: ChunkableBlock;
}

function toSections(document: ChunkableDocument): Section[] {
  const { text } = document;
  const sections: Section[] = [];
  let stack: OpenHeading[] = [];
  let body: ChunkableBlock[] = [];
  const close = (nextLevel: number) => {
    const own = stack.at(-1);
    // A heading with nothing under it is all there is to find of its part; one with parts below is in their paths.
    const isLeaf = body.length === 0 && own !== undefined && nextLevel <= own.level;
    const pieces = bodyPieces(text, isLeaf ? [own.block] : body);
    const [first] = pieces;
    const last = pieces.at(-1);
    if (first !== undefined && last !== undefined) {
      const path = stack.map((heading) => heading.text);
      const start = Math.min(own?.block.start ?? first.start, first.start);
      const tokens = pieces.reduce((sum, piece) => sum + piece.tokens, 0);
      sections.push({
        path: isLeaf ? path.slice(0, -1) : path,
        start,
        end: last.end,
        tokens,
        pieces,
      });
    }
    body = [];
  };
  for (const block of blocksOf(document)) {
    if (block.kind !== "heading") {
      body.push(block);
      continue;
    }
    close(block.level);
    stack = stack.filter((heading) => heading.level < block.level);
    const title = text.slice(block.start, block.end).replaceAll(/\s+/g, " ").trim();
    stack.push({ level: block.level, text: title, block });
  }
  close(0);
  return sections;
}

function commonPath(one: readonly string[], other: readonly string[]): readonly string[] {
  const differs = one.findIndex((heading, index) => heading !== other[index]);
  return differs === -1 ? one : one.slice(0, differs);
}

/** Two small neighbours as one section whose text includes their own headings; `null` when they should stay apart. */
function merged(text: string, one: Section, other: Section): Section | null {
  if (Math.min(one.tokens, other.tokens) >= chunkLimits.smallSection) return null;
  const piece = trimmedPiece(text, one.start, other.end);
  if (piece === null || piece.tokens > chunkLimits.sharedChunk) return null;
  const path = commonPath(one.path, other.path);
  return {
    path,
    start: one.start,
    end: other.end,
    tokens: piece.tokens,
    pieces: [{ ...piece, lead: null }],
  };
}

function shareSmallSections(text: string, sections: readonly Section[]): Section[] {
  const shared: Section[] = [];
  for (const section of sections) {
    const previous = shared.at(-1);
    const both = previous === undefined ? null : merged(text, previous, section);
    if (both === null) shared.push(section);
    else shared[shared.length - 1] = both;
  }
  return shared;
}

type PageOf = (at: number) => number | null;

/** Pages are few and in order, and chunks ask in order too, so the search goes on where it stopped. */
function pageFinder(pages: readonly (readonly [number, number])[]): PageOf {
  let index = 0;
  return (at) => {
    if (pages.length === 0) return null;
    while (index > 0 && at < (pages[index]?.[0] ?? 0)) index -= 1;
    while (index < pages.length - 1 && at >= (pages[index + 1]?.[0] ?? Infinity)) index += 1;
    return index + 1;
  };
}

const fullShare = 0.92;

/** Packs neighbouring pieces into chunks of equal size, so that no section ends in a scrap. */
function pack(section: Section, pageOf: PageOf): LedPiece[] {
  // Pieces do not fill a chunk to the brim: a count without that room would leave a scrap behind.
  const chunkCount = Math.ceil(section.tokens / (chunkLimits.textTokens * fullShare));
  const target = Math.min(chunkLimits.textTokens, (section.tokens / chunkCount) * 1.1);
  const packed: LedPiece[] = [];
  for (const piece of section.pieces) {
    const open = packed.at(-1);
    const turnsPage =
      open !== undefined &&
      open.tokens >= chunkLimits.pageBreak &&
      pageOf(open.start) !== pageOf(piece.start);
    if (open === undefined || turnsPage || !fits(open, piece, target))
      packed.push({ ...piece, tokens: piece.tokens + embeddingTokens(piece.lead ?? "") });
    else
      packed[packed.length - 1] = {
        start: open.start,
        end: piece.end,
        tokens: open.tokens + piece.tokens,
        lead: open.lead,
      };
  }
  return packed;
}

function fits(open: Piece, piece: Piece, target: number): boolean {
  const together = open.tokens + piece.tokens;
  if (together <= target) return true;
  // Better a little over the target than a piece that stands nearly empty.
  return together <= chunkLimits.textTokens && open.tokens < target / 2;
}

/**
 * Cuts a document along its structure: chunks never cross a heading unless the parts are small, hold at most 210
 * tokens, and map back to the exact range of the text. Deterministic, so an interrupted ingest can go on.
 */
export function chunkDocument(document: ChunkableDocument): Chunk[] {
  const pageOf = pageFinder(document.pages);
  const sections = shareSmallSections(document.text, toSections(document));
  return sections
    .flatMap((section) => {
      const headingPath = fitHeadingPath(section.path, chunkLimits.headingTokens);
      return pack(section, pageOf).map((piece) => ({ headingPath, piece }));
    })
    .map(({ headingPath, piece }, ordinal) => ({
      ordinal,
      headingPath: piece.lead === null ? headingPath : [...headingPath, piece.lead],
      page: pageOf(piece.start),
      charStart: piece.start,
      charEnd: piece.end,
      text: document.text.slice(piece.start, piece.end),
    }));
}
