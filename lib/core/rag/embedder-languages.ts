import { isEnglish } from "./language.ts";

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
