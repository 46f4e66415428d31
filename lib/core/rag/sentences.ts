/** A sentence of a text by its exact range: `text.slice(start, end)` is the sentence, without white space around it. */
export interface SentenceRange {
  readonly start: number;
  readonly end: number;
}

const abbreviations = new Set(
  "mr mrs ms dr prof sr jr st mt ft vs etc eg ie cf al fig figs eq no nos vol pp ed eds ca approx dept inc ltd co corp gen col lt sgt capt rev hon gov sen rep pres univ assn jan feb mar apr jun jul aug sep sept oct nov dec mon tue wed thu fri sat sun sec min max est op cit resp incl excl art par para ch chap ref tel ext b.c a.d u.s u.k u.n e.g i.e a.m p.m ph.d d.c".split(
    " ",
  ),
);

// These may end a sentence as well; then a capital follows.
const openAbbreviations = new Set(
  "etc inc ltd co corp u.s u.k u.n a.m p.m b.c a.d d.c ph.d al sec".split(" "),
);

// With those of Arabic, Urdu, the Indian scripts, Armenian, Ethiopic, Burmese and Khmer. Only from the first of many marks: from each
// of them anew, ten thousand would take a second.
const stop = /(?<![.!?…؟۔।॥։።፧။។])[.!?…؟۔।॥։።፧။។]+["'”’»)\]]*(?=\s|$)|[。！？]/gu;
const blockBreak =
  /\n\s*\n|\n(?=\s*(?:[-*•‣▪]\s|\d{1,3}[.)]\s|\||#{1,6}\s))|(?<=^#{1,6}\s[^\n]*)\n|(?<=\|[ \t]*)\n/gm;
const longestChars = 700;

/** Splits prose into sentences: knows abbreviations, initials, decimals, list items, table rows and headings. */
export function splitSentences(text: string): readonly SentenceRange[] {
  const ranges: SentenceRange[] = [];
  let blockStart = 0;
  const breaks = [...text.matchAll(blockBreak)].map((match) => ({
    from: match.index,
    to: match.index + match[0].length,
  }));
  for (const gap of [...breaks, { from: text.length, to: text.length }]) {
    splitBlock(text, blockStart, gap.from, ranges);
    blockStart = gap.to;
  }
  return ranges;
}

function splitBlock(text: string, from: number, to: number, ranges: SentenceRange[]): void {
  const block = text.slice(from, to);
  let start = 0;
  for (const match of block.matchAll(stop)) {
    const end = match.index + match[0].length;
    if (!endsSentence(block, match.index, end, match[0])) continue;
    addRange(text, from + start, from + end, ranges);
    start = end;
  }
  addRange(text, from + start, to, ranges);
}

function endsSentence(block: string, dotAt: number, end: number, mark: string): boolean {
  const next = block
    .slice(end)
    .trimStart()
    .replace(/^["'“‘«([]+/u, "");
  if (next === "") return true;
  const startsBig = /^[\p{Lu}\p{Lo}\d]/u.test(next);
  if (mark.startsWith(".") && !mark.startsWith(".."))
    return startsBig && !isInsideSentence(block.slice(0, dotAt), next);
  return /^[….]/.test(mark) ? startsBig : !/^\p{Ll}/u.test(next);
}

/** Does a single dot belong to what stands before it: an initial, the number of an item, an abbreviation? */
function isInsideSentence(before: string, next: string): boolean {
  const word = /[\p{L}\d.]+$/u.exec(before)?.[0] ?? "";
  if (/^\p{Lu}$/u.test(word)) return true;
  const isItem = /^\d{1,3}$/.test(word) && /(?:^|\n)\s*$/.test(before.slice(0, -word.length));
  if (isItem) return true;
  if (!abbreviations.has(word.toLowerCase())) return false;
  // Two capitalised words in a row look like a name or a title that goes on.
  const mayEnd = openAbbreviations.has(word.toLowerCase());
  return !(mayEnd && /^\p{Lu}/u.test(next) && !/^\p{Lu}\p{Ll}+\s+\p{Lu}/u.test(next));
}

function addRange(text: string, from: number, to: number, ranges: SentenceRange[]): void {
  let start = from;
  let end = to;
  while (start < end && /\s/.test(text.charAt(start))) start += 1;
  while (end > start && /\s/.test(text.charAt(end - 1))) end -= 1;
  while (end - start > longestChars) {
    const cut = lastBreak(text, start, start + longestChars);
    ranges.push({ start, end: cut });
    start = cut;
    while (start < end && /\s/.test(text.charAt(start))) start += 1;
  }
  if (end > start) ranges.push({ start, end });
}

/** The last clause mark, else the last space, before `limit`; a text without either is cut hard. */
function lastBreak(text: string, start: number, limit: number): number {
  const piece = text.slice(start, limit);
  const clause = Math.max(
    piece.lastIndexOf("; "),
    piece.lastIndexOf(": "),
    piece.lastIndexOf(", "),
  );
  if (clause > longestChars / 2) return start + clause + 1;
  const space = piece.search(/\s\S*$/);
  return space > longestChars / 4 ? start + space : limit;
}
