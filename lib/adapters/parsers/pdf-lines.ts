/** The fields of a text item of pdf.js that laying out needs. */
export interface TextItem {
  readonly str: string;
  /** Advance width in page units. */
  readonly width: number;
  /** Text matrix `[a, b, c, d, x, y]`. */
  readonly transform: readonly number[];
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
}

/** Text that runs in any direction, turned so that it runs to the right. */
function upright(item: TextItem): Placed {
  const [a = 1, b = 0, c = 0, d = 1, x = 0, y = 0] = item.transform;
  const scale = Math.hypot(a, b) || 1;
  const cosine = a / scale;
  const sine = b / scale;
  return {
    text: item.str,
    x: x * cosine + y * sine,
    y: y * cosine - x * sine,
    width: item.width,
    size: Math.hypot(c, d) || scale,
  };
}

const wideScript = /[\u3000-\u30ff\u3400-\u9fff\uac00-\ud7af\uff00-\uffef]/;

/** A gap wider than this share of the font size is a space between words. */
const spaceWidth = 0.18;
/** And one wider than this many font sizes stands between two cells of a table or form. */
const cellGap = 2.5;
export const cellMark = " | ";

function glue(line: Placed, next: Placed): string {
  const gap = next.x - (line.x + line.width);
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

const sameLine = (line: Placed, next: Placed): boolean =>
  Math.abs(next.y - line.y) < Math.max(line.size, next.size) * 0.45 &&
  next.x > line.x + line.width - Math.max(line.size, next.size) * 1.5;

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
    const next = upright(item);
    if (line === null) {
      line = next;
      continue;
    }
    const current: Placed = line;
    if (sameColumn(current, next)) {
      line = { ...next, text: current.text + next.text, x: current.x };
    } else if (sameLine(current, next)) {
      const text = current.text + glue(current, next) + next.text;
      // A note mark above the line does not set its size or place.
      const lead = next.text.length > current.text.length ? next : current;
      const width = next.x + next.width - current.x;
      line = { text, x: current.x, y: lead.y, size: lead.size, width };
    } else {
      finish();
      line = next;
    }
  }
  finish();
  return lines;
}
