import { embeddingTokens } from "./embedding-tokens.ts";

/** `[start, end)` in the document's text, with no white space at either end. */
export interface Piece {
  readonly start: number;
  readonly end: number;
  readonly tokens: number;
}

/** Where a text may be cut, the best places first: empty lines, lines, sentences, words. Each match ends at a cut. */
const cuts: readonly RegExp[] = [
  /\n[ \t]*\n/g,
  /\n/g,
  /[.!?…؟۔।॥։።፧။។]["'”’)\]]{0,3}\s|[。！？]/g,
  /[;:,]\s|[、，；]/g,
  /\s+/g,
];

const isSpace = (text: string, at: number): boolean => /\s/.test(text[at] ?? "");

/** A piece of the range without the white space around it; `null` when nothing is left. */
export function trimmedPiece(text: string, start: number, end: number): Piece | null {
  let first = start;
  let last = end;
  while (first < last && isSpace(text, first)) first += 1;
  while (last > first && isSpace(text, last - 1)) last -= 1;
  if (first === last) return null;
  return { start: first, end: last, tokens: embeddingTokens(text.slice(first, last)) };
}

/** A run without any white space: cut by length, never inside a character. */
function cutByLength(text: string, piece: Piece, maxTokens: number): Piece[] {
  const found: Piece[] = [];
  const perCharacter = piece.tokens / (piece.end - piece.start);
  const step = Math.max(1, Math.floor((maxTokens * 0.8) / Math.max(perCharacter, 0.01)));
  for (let start = piece.start; start < piece.end;) {
    let end = Math.min(piece.end, start + step);
    if (end < piece.end && (text.codePointAt(end - 1) ?? 0) > 0xffff) end += 1;
    const part = trimmedPiece(text, start, end);
    if (part !== null) found.push(part);
    start = end;
  }
  return found;
}

/**
 * Cuts a range into pieces of at most `maxTokens`, at the best places that are fine enough, in order and without
 * losing anything but white space.
 */
export function cutToSize(text: string, range: Piece, maxTokens: number, level = 0): Piece[] {
  if (range.tokens <= maxTokens) return [range];
  const cut = cuts[level];
  if (cut === undefined) return cutByLength(text, range, maxTokens);
  const parts: Piece[] = [];
  let from = range.start;
  for (const match of text.slice(range.start, range.end).matchAll(cut)) {
    const to = range.start + match.index + match[0].length;
    const part = trimmedPiece(text, from, to);
    if (part !== null) parts.push(part);
    from = to;
  }
  const last = trimmedPiece(text, from, range.end);
  if (last !== null) parts.push(last);
  return parts.flatMap((part) => cutToSize(text, part, maxTokens, level + 1));
}
