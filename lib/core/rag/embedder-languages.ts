import { hasOtherLetters, isEnglish, isSurelyEnglish } from "./language.ts";
import { retrievalSettings } from "./rank-candidates.ts";

/**
 * Embedders that learnt from English texts, by their cards; only MiniLM's was measured (docs/decisions/2026-11-27-languages-of-the-embedder.md).
 * What is not listed is taken to know the language.
 */
const englishOnly =
  /^(?:all-minilm|nomic-embed-text(?!-v2)|mxbai-embed-large|bge-large|snowflake-arctic-embed(?!2)|granite-embedding(?!:278m))(?![\w])/;

export const knowsEnglishOnly = (embedModel: string): boolean =>
  englishOnly.test(embedModel.toLowerCase().split("/").at(-1) ?? "");

/** Do the embedder's vectors say how near texts in these words are to each other? */
export const understands = (embedModel: string, texts: readonly string[]): boolean =>
  !knowsEnglishOnly(embedModel) || texts.every(isEnglish);

/** Of letters that the embedder hardly knows, its vectors say little more than which to take where words tell none apart. */
const otherLettersShare = 0.03;
/** In the letters of English, names and words of one origin lie near each other all the same. */
const otherLanguageShare = 0.3;

/** Configurations of what is written in other letters. */
const ofOtherLetters = new Set(
  "arabic armenian greek hindi nepali russian tamil yiddish".split(" "),
);

/**
 * Weight of the vectors' leg against the words'.
 * @param languages Of the passages that words find best: a short question seldom tells its own.
 * @see docs/decisions/2026-11-27-words-across-languages.md
 */
export function vectorShareFor(
  embedModel: string,
  question: string,
  languages: readonly string[],
): number {
  if (!knowsEnglishOnly(embedModel)) return retrievalSettings.vectorShare;
  if (hasOtherLetters(question)) return otherLettersShare;
  const others = languages.filter((language) => language !== "english");
  const isOther = others.length * 2 > languages.length && !isSurelyEnglish(question);
  if (!isOther) return retrievalSettings.vectorShare;
  return others.every((language) => ofOtherLetters.has(language))
    ? otherLettersShare
    : otherLanguageShare;
}
