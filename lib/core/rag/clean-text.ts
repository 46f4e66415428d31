import { withoutRadicals } from "./radical-letters.ts";

/** What cleaning took out, by kind. */
export interface Removed {
  hidden: number;
  control: number;
  broken: number;
}

export const nothingRemoved = (): Removed => ({ hidden: 0, control: 0, broken: 0 });

/** Ranges of characters that show nothing but can carry text or reverse it: tags, bidi controls, fillers, invisible operators. */
const hiddenRanges: readonly (readonly [number, number])[] = [
  [0x115f, 0x1160],
  [0x17b4, 0x17b5],
  [0x180b, 0x180e],
  [0x200b, 0x200b],
  [0x200e, 0x200f],
  [0x202a, 0x202e],
  [0x2060, 0x206f],
  [0x3164, 0x3164],
  [0xfeff, 0xfeff],
  [0xffa0, 0xffa0],
  [0xfff0, 0xfffb],
  [0x1d173, 0x1d17a],
  [0xe0000, 0xe0fff],
];

const isHidden = (code: number): boolean =>
  code >= 0x115f && hiddenRanges.some(([first, last]) => code >= first && code <= last);

const softHyphen = 0xad;
const isSpace = (code: number): boolean =>
  code === 0xa0 || code === 0x1680 || (code >= 0x2000 && code <= 0x200a) || code === 0x202f;
const isLineEnd = (code: number): boolean =>
  code === 0x0b || code === 0x0c || code === 0x85 || code === 0x2028 || code === 0x2029;
const isControl = (code: number): boolean =>
  (code < 0x20 && code !== 0x09 && code !== 0x0a) || (code >= 0x7f && code < 0xa0);
const isBroken = (code: number): boolean =>
  (code >= 0xd800 && code <= 0xdfff) ||
  (code & 0xfffe) === 0xfffe ||
  (code >= 0xfdd0 && code <= 0xfdef);
const isJoiner = (code: number): boolean => code === 0x200c || code === 0x200d;

/** Joiners shape Arabic, Indic and emoji text; between plain Latin letters they only hide. */
const joins = (before: number | undefined, after: number | undefined): boolean =>
  before !== undefined && after !== undefined && before > 0x5ff && after > 0x5ff;

function cleanCharacter(
  code: number,
  before: number | undefined,
  after: number | undefined,
  removed: Removed,
): string {
  if (isSpace(code)) return " ";
  if (isLineEnd(code)) return "\n";
  if (code === softHyphen) return "";
  if (isJoiner(code)) {
    if (joins(before, after)) return String.fromCodePoint(code);
    removed.hidden += 1;
    return "";
  }
  if (isHidden(code)) removed.hidden += 1;
  else if (isControl(code)) removed.control += 1;
  else if (isBroken(code)) removed.broken += 1;
  else return String.fromCodePoint(code);
  return "";
}

// Nothing to do for text of plain characters, which is nearly all text.
const plain = /^[\t\n\x20-\x7e\u00a1-\u00ac\u00ae-\u05ff\u3041-\u312f\u4e00-\u9fff]*$/u;

/**
 * Canonical form of a piece of text: NFC, letters instead of radicals, `\n` line ends, ordinary spaces, nothing invisible, nothing that a database
 * or a browser refuses. What was taken out is added to `removed`.
 */
export function cleanText(text: string, removed: Removed): string {
  const lines = text.replaceAll("\r\n", "\n").replaceAll("\r", "\n").normalize("NFC");
  if (plain.test(lines)) return lines;
  const codes = Array.from(withoutRadicals(lines), (character) => character.codePointAt(0) ?? 0);
  let cleaned = "";
  for (const [index, code] of codes.entries()) {
    cleaned += cleanCharacter(code, codes[index - 1], codes[index + 1], removed);
  }
  return cleaned;
}

/** The same as sentences for an admin; empty when nothing was taken out. */
export function removalWarnings(removed: Removed): string[] {
  const kinds: [number, string][] = [
    [removed.hidden, "hidden characters that could carry unseen text"],
    [removed.control, "control characters"],
    [removed.broken, "broken characters"],
  ];
  return kinds
    .filter(([count]) => count > 0)
    .map(([count, what]) => `Removed ${String(count)} ${what}.`);
}
