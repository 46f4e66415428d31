const mostWords = 8;

/** The words of a search over the history, in lower case, without signs. */
export const searchWords = (query: string): readonly string[] =>
  [...new Set(query.toLowerCase().match(/[\p{L}\p{M}\p{N}]+/gu) ?? [])].slice(0, mostWords);

const excerptChars = 160;
const leadChars = 40;

const beginsWord = (text: string, at: number): boolean =>
  at === 0 || !/[\p{L}\p{M}\p{N}]/u.test(text.charAt(at - 1));

/** Where a word of the text begins with `word`; -1 when none does. */
export function wordStart(lower: string, word: string): number {
  for (let at = lower.indexOf(word); at !== -1; at = lower.indexOf(word, at + 1))
    if (beginsWord(lower, at)) return at;
  return -1;
}

/** Does every one of `words` begin a word of the text? */
export const holdsWords = (text: string, words: readonly string[]): boolean => {
  const lower = text.toLowerCase();
  return words.every((word) => wordStart(lower, word) !== -1);
};

/** The part of a text around the first of `words`, in one line. */
export function excerptAround(text: string, words: readonly string[]): string {
  const line = text.replace(/\s+/gu, " ").trim();
  const lower = line.toLowerCase();
  const found = words.map((word) => wordStart(lower, word)).filter((at) => at !== -1);
  const first = found.length === 0 ? 0 : Math.min(...found);
  const space = line.lastIndexOf(" ", Math.max(0, first - leadChars));
  const from = first <= leadChars ? 0 : space + 1;
  const piece = line.slice(from, from + excerptChars);
  return `${from > 0 ? "…" : ""}${piece}${from + excerptChars < line.length ? "…" : ""}`;
}
