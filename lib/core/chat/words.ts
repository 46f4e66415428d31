import {
  hasOtherScript,
  isUnspaced,
  koreanStem,
  onlyJoins,
  unspacedStems,
  withoutParticles,
} from "./other-scripts.ts";

const stopWordList =
  "a about above after again all also am an and any are as at be because been before being below between both but by can could did do does doing down during each else ever few for from further had has have having he her here hers him his how i if in into is it its itself just let like made make many may me might more most much must my no nor not now of off on once only or other our out over own per please same shall she should so some such tell than that the their theirs them then there these they this those through to too under until up upon us use used using very was we were what when where whether which while who whom whose why will with within without would you your yours";

const stopWords = new Set(stopWordList.split(" "));

/** Lower-case words and numbers of a text, in order; inner dots, hyphens and apostrophes split, decimals stay whole. */
export const wordsOf = (text: string): readonly string[] =>
  text
    .normalize("NFKC")
    .toLowerCase()
    .replace(/['’]s\b/g, "")
    .match(/\d+(?:[.,]\d+)*|[\p{L}\p{M}]+|\d/gu) ?? [];

export const isStopWord = (word: string): boolean => stopWords.has(word);

/**
 * Stems of the words that carry meaning, in order, repetitions kept. Of scripts without spaces, whose sentences would be
 * one word each, overlapping pairs of letters.
 */
export function contentStems(text: string): readonly string[] {
  const words = wordsOf(text);
  // Every passage of every question comes this way: Latin text pays nothing for the other scripts.
  if (!hasOtherScript(text)) return words.filter(isMeaningful).map(stemOf);
  return words
    .flatMap((word) => (isUnspaced(word) ? unspacedStems(word) : [word]))
    .filter((word) => isMeaningful(word) && !onlyJoins(word))
    .map((word) => stemOf(koreanStem(withoutParticles(word))));
}

const isMeaningful = (word: string): boolean =>
  !isStopWord(word) && (word.length > 1 || /\d/.test(word));

/** A light English stem: equal for the usual forms of one word, never shorter than three letters. */
export function stemOf(word: string): string {
  if (word.length <= 3 || /\d/.test(word)) return word;
  for (const [ending, replacement] of endings)
    if (word.endsWith(ending) && word.length - ending.length >= 3)
      return undouble(word.slice(0, -ending.length) + replacement);
  return word;
}

// Longest first. A shared cut is enough: stems are compared with one another, never shown.
const endings: readonly (readonly [string, string])[] = [
  ["ization", "iz"],
  ["ations", "at"],
  ["ation", "at"],
  ["ising", "iz"],
  ["izing", "iz"],
  ["ised", "iz"],
  ["ized", "iz"],
  ["ments", "ment"],
  ["nesses", ""],
  ["ness", ""],
  ["ating", "at"],
  ["ated", "at"],
  ["ates", "at"],
  ["ate", "at"],
  ["ings", ""],
  ["ing", ""],
  ["ies", "y"],
  ["ied", "y"],
  ["sses", "ss"],
  ["ed", ""],
  ["es", ""],
  ["ly", ""],
  ["ss", "ss"],
  ["us", "us"],
  ["s", ""],
  ["e", ""],
];

const undouble = (stem: string): string =>
  stem.length > 3 && /([bdgklmnprt])\1$/.test(stem) ? stem.slice(0, -1) : stem;
