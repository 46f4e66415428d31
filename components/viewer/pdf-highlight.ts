import { withoutRadicals } from "#lib/core/rag/radical-letters.ts";

/** A piece of text of a PDF page, as pdf.js gives it. */
export interface PageItem {
  readonly str: string;
  /** Text matrix `[a, b, c, d, x, y]` in page units. */
  readonly transform: readonly number[];
  /** Advance along the line, in page units. */
  readonly width: number;
  /** `rtl` for text that runs to the left: its first letter stands at its right end. */
  readonly dir?: string;
}

/** A stretch of an item, in shares of its length from its left end. */
export interface ItemRange {
  readonly item: number;
  readonly from: number;
  readonly to: number;
}

/**
 * Reading joins lines, words cut at line ends and letters drawn in other shapes; marks over letters are drawn before or after them.
 * Only what is left of both compares.
 */
const ignored = /[\s\-\u00ad\u2010\u2011|…\p{M}]/u;

interface Squeezed {
  readonly text: string;
  /** Item and character of each unit of `text`. */
  readonly places: readonly (readonly [number, number])[];
}

function squeeze(strings: readonly string[]): Squeezed {
  let text = "";
  const places: (readonly [number, number])[] = [];
  for (const [item, string] of strings.entries()) {
    let at = 0;
    for (const character of string) {
      for (const plain of withoutRadicals(character).normalize("NFKC").toLowerCase()) {
        if (ignored.test(plain)) continue;
        text += plain;
        const place = [item, at] as const;
        places.push(...Array.from(plain.split(""), () => place));
      }
      at += character.length;
    }
  }
  return { text, places };
}

const squeezedText = (text: string): string => squeeze([text]).text;

/** Shorter parts of a passage would be found where it is not. */
const shortestPart = 12;

/** The longest beginning or end of `wanted` that the page holds: a passage may go on over pages. */
function longestPart(page: string, wanted: string): { at: number; length: number } | null {
  let best: { at: number; length: number } | null = null;
  const parts = [
    (length: number) => wanted.slice(0, length),
    (length: number) => wanted.slice(wanted.length - length),
  ];
  for (const part of parts) {
    let low = shortestPart;
    let high = wanted.length;
    while (low <= high) {
      const length = Math.floor((low + high) / 2);
      const at = page.indexOf(part(length));
      if (at === -1) high = length - 1;
      else {
        if (best === null || length > best.length) best = { at, length };
        low = length + 1;
      }
    }
  }
  return best;
}

const runsLeft = ({ dir }: PageItem): boolean => dir === "rtl";
const middleOf = ({ transform, width }: PageItem): number => (transform[4] ?? 0) + width / 2;

function isBesides(one: PageItem, other: PageItem): boolean {
  const size = Math.hypot(one.transform[2] ?? 0, one.transform[3] ?? 0);
  return Math.abs((one.transform[5] ?? 0) - (other.transform[5] ?? 0)) < size * 0.45;
}

/** Places of the items in the order of reading: pages draw text that runs left from its left end, too. */
function readingOrder(items: readonly PageItem[]): readonly number[] {
  const places = items.map((_, place) => place);
  if (!items.some(runsLeft)) return places;
  const lines: number[][] = [];
  for (const [place, item] of items.entries()) {
    const line = lines.at(-1);
    const before = items[line?.[0] ?? -1];
    if (line !== undefined && before !== undefined && isBesides(before, item)) line.push(place);
    else lines.push([place]);
  }
  const middle = (place: number): number =>
    middleOf(items[place] ?? { str: "", transform: [], width: 0 });
  return lines.flatMap((line) =>
    line.some((place) => items[place]?.dir === "rtl")
      ? line.toSorted((one, other) => middle(other) - middle(one))
      : line,
  );
}

/** Where a passage of the document's text stands among the items of a page; empty where it does not. */
export function findOnPage(items: readonly PageItem[], passage: string): readonly ItemRange[] {
  const order = readingOrder(items);
  const { text, places } = squeeze(order.map((place) => items[place]?.str ?? ""));
  const wanted = squeezedText(passage);
  if (wanted === "") return [];
  const whole = text.indexOf(wanted);
  const found = whole === -1 ? longestPart(text, wanted) : { at: whole, length: wanted.length };
  if (found === null) return [];
  const ranges = new Map<number, { first: number; last: number }>();
  for (const [ordered, at] of places.slice(found.at, found.at + found.length)) {
    const item = order[ordered] ?? ordered;
    const range = ranges.get(item);
    if (range === undefined) ranges.set(item, { first: at, last: at });
    else range.last = at;
  }
  return [...ranges].map(([item, { first, last }]) => {
    const { str, dir } = items[item] ?? { str: "", dir: "ltr" };
    const from = first / Math.max(1, str.length);
    const to = (last + 1) / Math.max(1, str.length);
    return dir === "rtl" ? { item, from: 1 - to, to: 1 - from } : { item, from, to };
  });
}

/** A rectangle that may be turned: its corner, sides and angle, in the units of the shown page. */
export interface Box {
  readonly left: number;
  readonly top: number;
  readonly width: number;
  readonly height: number;
  readonly angle: number;
}

type Matrix = readonly [number, number, number, number, number, number];

const matrixOf = (numbers: readonly number[]): Matrix => {
  const at = (index: number): number => numbers[index] ?? 0;
  return [at(0), at(1), at(2), at(3), at(4), at(5)];
};

/** Where a found stretch stands on the page as shown; `view` is the viewport's matrix. */
export function boxOf(
  item: PageItem,
  range: Pick<ItemRange, "from" | "to">,
  view: readonly number[],
): Box {
  const [a, b, c, d, x, y] = matrixOf(item.transform);
  const [va, vb, vc, vd, ve, vf] = matrixOf(view);
  const length = Math.hypot(a, b) || 1;
  const startX = x + (a / length) * item.width * range.from;
  const startY = y + (b / length) * item.width * range.from;
  const scale = Math.hypot(va, vb);
  const height = Math.hypot(c, d) * scale * 1.25;
  const along = [(a * va + b * vc) / length, (a * vb + b * vd) / length] as const;
  const angle = Math.atan2(along[1], along[0]);
  const baseX = startX * va + startY * vc + ve;
  const baseY = startX * vb + startY * vd + vf;
  // From the base line up to the top of the letters, whichever way they stand.
  const rise = height * 0.8;
  return {
    left: baseX + Math.sin(angle) * rise,
    top: baseY - Math.cos(angle) * rise,
    width: item.width * (range.to - range.from) * scale,
    height,
    angle,
  };
}
