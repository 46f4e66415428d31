/** The fields of a text item of pdf.js that laying out needs. */
export interface TextItem {
  readonly str: string;
  /** Advance width in page units. */
  readonly width: number;
  /** Text matrix `[a, b, c, d, x, y]`. */
  readonly transform: readonly number[];
  /** `rtl` for text that runs to the left. */
  readonly dir?: string;
}

/** A line as it stands on the page, turned upright; `y` grows upwards. */
export interface TextLine {
  readonly text: string;
  readonly x: number;
  readonly endX: number;
  readonly y: number;
  /** Font size in page units. */
  readonly size: number;
}

interface Placed {
  readonly text: string;
  readonly x: number;
  readonly y: number;
  readonly width: number;
  readonly size: number;
  readonly runsLeft: boolean;
}

/** Ligatures and the shapes of Arabic letters as the letters they stand for. */
const shapes = /[\ufb00-\ufb4f\ufb50-\ufdcf\ufdf0-\ufdff\ufe70-\ufefc]+/g;
/** TeX fonts that do not say what their ligatures mean: codes of its old and its European encoding. */
const texLigatures =
  /(?<=\p{L})[\u000b-\u000f\u001b-\u001f]|[\u000b-\u000f\u001b-\u001f](?=\p{L})/gu;
const ligatureLetters = ["ff", "fi", "fl", "ffi", "ffl"];
const ligature = (found: string): string => {
  const code = found.charCodeAt(0);
  return ligatureLetters[code - (code >= 0x1b ? 0x1b : 0x0b)] ?? "";
};

/** Single letters set apart evenly are one word, as poppler reads them too: `C H A P T E R`. */
const spacedOut = /^\p{L}(?: \p{L}){4,}$/u;

function shownText(text: string): string {
  const plain = text
    .replaceAll(shapes, (found) => found.normalize("NFKC"))
    .replaceAll(texLigatures, ligature);
  return spacedOut.test(plain.trim()) ? plain.replaceAll(" ", "") : plain;
}

/** Text that runs in any direction, turned so that it runs to the right. */
function upright(item: TextItem): Placed {
  const [a = 1, b = 0, c = 0, d = 1, x = 0, y = 0] = item.transform;
  const scale = Math.hypot(a, b) || 1;
  const cosine = a / scale;
  const sine = b / scale;
  return {
    text: shownText(item.str),
    x: x * cosine + y * sine,
    y: y * cosine - x * sine,
    width: item.width,
    size: Math.hypot(c, d) || scale,
    runsLeft: item.dir === "rtl",
  };
}

const hasLetter = /\p{L}/u;
const numberAfterMark = /^([.,:;!?،؛؟]+)(\s*)(\p{N}.*)$/u;

/** The end mark after a number in text that runs left stands left of it on the page, where pdf.js, seeing no letter, reads it first. */
const turnedMark = (item: Placed, runsLeft: boolean): Placed =>
  runsLeft && !hasLetter.test(item.text)
    ? { ...item, text: item.text.replace(numberAfterMark, "$3$2$1") }
    : item;

const wideScript = /[\u3000-\u30ff\u3400-\u9fff\uac00-\ud7af\uff00-\uffef]/;

/** A gap wider than this share of the font size is a space between words. */
const spaceWidth = 0.18;
/** And one wider than this many font sizes stands between two cells of a table or form. */
const cellGap = 2.5;
export const cellMark = " | ";

const isLeftOf = (one: Placed, other: Placed): boolean =>
  one.x + one.width / 2 < other.x + other.width / 2;

/** What stands between a piece and the one that is read after it. */
function glue(line: Placed, next: Placed): string {
  const gap = isLeftOf(next, line)
    ? line.x - (next.x + next.width)
    : next.x - (line.x + line.width);
  if (
    gap < line.size * cellGap &&
    (line.text === "" || /\s$/.test(line.text) || /^\s/.test(next.text))
  )
    return "";
  const wide = wideScript.test(line.text.slice(-1)) && wideScript.test(next.text.slice(0, 1));
  // A label and what stands beside it are one cell.
  if (gap > line.size * cellGap) return line.text.endsWith(":") ? " " : cellMark;
  return gap > line.size * (wide ? 0.8 : spaceWidth) ? " " : "";
}

const isBlank = (text: string): boolean => text.trim() === "";

function sameLine(line: Placed, next: Placed): boolean {
  const size = Math.max(line.size, next.size);
  if (Math.abs(next.y - line.y) >= size * 0.45) return false;
  if (next.x > line.x + line.width - size * 1.5) return true;
  return (line.runsLeft || next.runsLeft) && next.x + next.width < line.x + size * 1.5;
}

/** Where a line runs to the left, the piece further right is read first, whichever was drawn first. */
function joined(line: Placed, next: Placed): string {
  const nextIsFirst = (line.runsLeft || next.runsLeft) && isLeftOf(line, next);
  return nextIsFirst
    ? next.text + glue(next, line) + line.text
    : line.text + glue(line, next) + next.text;
}

/** One below the other in a column of single characters: vertical writing. */
const sameColumn = (line: Placed, next: Placed): boolean =>
  wideScript.test(line.text.slice(-1)) &&
  wideScript.test(next.text.slice(0, 1)) &&
  next.text.length <= 2 &&
  Math.abs(next.x - line.x) < line.size * 0.3 &&
  line.y - next.y > line.size * 0.5 &&
  line.y - next.y < line.size * 1.6;

/** Smaller than anyone reads: marks for machines, or words meant to stay unseen. */
const smallestSize = 2;

export const isReadable = (item: TextItem): boolean =>
  isBlank(item.str) || upright(item).size >= smallestSize;

/** Joins the items of a page into lines, in the order in which the page draws them. */
export function toLines(items: readonly TextItem[]): readonly TextLine[] {
  const lines: TextLine[] = [];
  let line: Placed | null = null;
  let textRunsLeft = false;
  const finish = () => {
    if (line !== null && line.text.trim() !== "") {
      // Dots that lead the eye across a table of contents.
      const text = line.text
        .replaceAll(/(?:\. ?){5,}/g, " … ")
        .replaceAll(/ {2,}/g, " ")
        .trim();
      lines.push({ text, x: line.x, endX: line.x + line.width, y: line.y, size: line.size });
    }
    line = null;
  };
  for (const item of items) {
    // Blanks only move the pen: the gap they leave says whether it was a space or a new cell.
    if (isBlank(item.str)) continue;
    const placed = upright(item);
    if (hasLetter.test(placed.text)) textRunsLeft = placed.runsLeft || (line?.runsLeft ?? false);
    const next = turnedMark(placed, textRunsLeft);
    if (line === null) {
      line = next;
      continue;
    }
    const current: Placed = line;
    if (sameColumn(current, next)) {
      line = { ...next, text: current.text + next.text, x: current.x };
    } else if (sameLine(current, next)) {
      const text = joined(turnedMark(current, next.runsLeft), next);
      // A note mark above the line does not set its size or place.
      const lead = next.text.length > current.text.length ? next : current;
      const x = Math.min(current.x, next.x);
      const width = Math.max(current.x + current.width, next.x + next.width) - x;
      const runsLeft = current.runsLeft || next.runsLeft;
      line = { text, x, y: lead.y, size: lead.size, width, runsLeft };
    } else {
      finish();
      line = next;
    }
  }
  finish();
  return lines;
}
