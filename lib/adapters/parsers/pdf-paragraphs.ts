import { cellMark, type TextLine } from "./pdf-lines.ts";

export interface PdfParagraph {
  readonly kind: "heading" | "paragraph" | "list" | "table";
  readonly level: number;
  readonly text: string;
}

/** Sizes that the whole document was measured for. */
export interface Typography {
  /** Font size of most characters. */
  readonly bodySize: number;
  /** Sizes above it that headings use, largest first. */
  readonly headingSizes: readonly number[];
}

const rounded = (size: number): number => Math.round(size * 2) / 2;
const median = (values: readonly number[]): number =>
  [...values].sort((one, other) => one - other)[Math.floor(values.length / 2)] ?? 0;

export function measureTypography(pages: readonly (readonly TextLine[])[]): Typography {
  const characters = new Map<number, number>();
  for (const line of pages.flat()) {
    const size = rounded(line.size);
    characters.set(size, (characters.get(size) ?? 0) + line.text.length);
  }
  const bySize = [...characters].sort((one, other) => other[1] - one[1]);
  const bodySize = bySize[0]?.[0] ?? 0;
  const headingSizes = [...characters.keys()]
    .filter((size) => size >= bodySize * 1.12)
    .sort((one, other) => other - one);
  return { bodySize, headingSizes };
}

const bullet = /^(?:[•‣◦▪●○■□\u2013\u2014*-]|\(?(?:\d{1,3}|[a-z]|[ivx]{1,5})[.)])\s+\S/i;
const sentenceEnd = /[.!?:;]["'”’)\]]*$/;
const namedPart = /^(?:section|chapter|appendix|part|annex)\s+\w{1,5}\b/i;
const numberedTitle = /^\d{1,2}(?:\.\d{1,2}){0,4}\.?\s+\p{Lu}/u;
const isPartTitle = (text: string): boolean => namedPart.test(text) || numberedTitle.test(text);

/** A short line on its own that reads like a title although it is no larger than the text. */
function titleLevel(text: string): number {
  if (text.length > 90 || sentenceEnd.test(text) || /^[\d\s.,$%-]+$/.test(text)) return 0;
  const letters = text.match(/\p{L}/gu) ?? [];
  if (letters.length < 4) return 0;
  const number = /^\d{1,2}((?:\.\d{1,2}){0,4})/.exec(text)?.[1];
  if (isPartTitle(text)) return Math.min(6, 2 + (number?.split(".").length ?? 1) - 1);
  const capitals = text.match(/\p{Lu}/gu) ?? [];
  return capitals.length === letters.length ? 2 : 0;
}

/** Joins the lines of a paragraph; a word divided at a line end becomes one again. */
export function joinLines(lines: readonly string[]): string {
  return lines.reduce((joined, line) => {
    if (joined === "") return line;
    if (/\p{Ll}[-\u00ad\u2010]$/u.test(joined) && /^\p{Ll}/u.test(line))
      return joined.slice(0, -1) + line;
    const wide =
      /[\u3000-\u30ff\u3400-\u9fff]$/.test(joined) && /^[\u3000-\u30ff\u3400-\u9fff]/.test(line);
    return joined + (wide || joined.endsWith("-") ? "" : " ") + line;
  }, "");
}

interface Layout {
  /** Usual distance of two baselines in a paragraph. */
  readonly leading: number;
  readonly right: number;
}

function measurePage(lines: readonly TextLine[], bodySize: number): Layout {
  const gaps = lines
    .map((line, index) => (lines[index - 1]?.y ?? line.y) - line.y)
    .filter((gap) => gap > bodySize * 0.8 && gap < bodySize * 2.5);
  return {
    leading: median(gaps) || bodySize * 1.2,
    right: median(lines.filter((line) => line.text.length > 40).map((line) => line.endX)),
  };
}

const isRow = (line: TextLine): boolean => line.text.includes(cellMark);

function breaks(previous: TextLine, line: TextLine, layout: Layout): boolean {
  if (isRow(line) || isRow(previous))
    return !(isRow(line) && isRow(previous)) || previous.y - line.y > layout.leading * 3;
  if (Math.abs(line.size - previous.size) > previous.size * 0.1) return true;
  if (bullet.test(line.text)) return true;
  const gap = previous.y - line.y;
  // Upwards, or far to the side: the next column. Its first words go on with a sentence that is not over.
  const jumps = gap < -line.size || Math.abs(gap) < line.size * 0.5;
  if (jumps) return sentenceEnd.test(previous.text) || !/^\p{Ll}/u.test(line.text);
  if (gap > layout.leading * 1.35) return true;
  const endsShort = previous.endX < layout.right - previous.size * 4;
  return endsShort && sentenceEnd.test(previous.text);
}

function kindOf(lines: readonly TextLine[], typography: Typography): PdfParagraph {
  const [first] = lines;
  if (first !== undefined && isRow(first))
    return { kind: "table", level: 0, text: lines.map((line) => line.text).join("\n") };
  const text = joinLines(lines.map((line) => line.text));
  const size = rounded(Math.max(...lines.map((line) => line.size)));
  const rank = typography.headingSizes.indexOf(size);
  const isLarge = rank !== -1 && text.length <= 200 && /\p{L}{2}/u.test(text);
  if (isLarge) return { kind: "heading", level: Math.min(6, rank + 1), text };
  const level = lines.length === 1 ? titleLevel(text) : 0;
  const below = Math.min(6, level + Math.min(typography.headingSizes.length, 3));
  if (level > 0) return { kind: "heading", level: Math.max(1, below - 1), text };
  return { kind: bullet.test(text) ? "list" : "paragraph", level: 0, text };
}

/** Lines of one page as paragraphs, headings and list items. */
export function toParagraphs(
  lines: readonly TextLine[],
  typography: Typography,
): readonly PdfParagraph[] {
  const layout = measurePage(lines, typography.bodySize);
  const groups: TextLine[][] = [];
  for (const line of lines) {
    const group = groups.at(-1);
    const previous = group?.at(-1);
    if (group === undefined || previous === undefined || breaks(previous, line, layout))
      groups.push([line]);
    else group.push(line);
  }
  return groups.map((group) => kindOf(group, typography));
}

const repeatKey = (line: TextLine): string =>
  `${line.text.toLowerCase().replaceAll(/\d+/g, "#")}@${String(Math.round(line.y / 4))}`;

/** Running titles and page numbers: first and last lines that return at the same place on most pages. */
export function withoutRunningLines(
  pages: readonly (readonly TextLine[])[],
): readonly (readonly TextLine[])[] {
  if (pages.length < 4) return pages;
  const outer = (lines: readonly TextLine[]): readonly TextLine[] => {
    const byHeight = [...lines].sort((one, other) => other.y - one.y);
    return [...byHeight.slice(0, 2), ...byHeight.slice(-2)];
  };
  const seen = new Map<string, number>();
  for (const lines of pages) {
    for (const key of new Set(outer(lines).map(repeatKey))) seen.set(key, (seen.get(key) ?? 0) + 1);
  }
  return pages.map((lines) => {
    const running = outer(lines).filter(
      (line) => (seen.get(repeatKey(line)) ?? 0) > pages.length / 2,
    );
    return lines.filter((line) => !running.includes(line));
  });
}
