import { withoutParticles } from "../chat/other-scripts.ts";

/** Letters and digits, also joined as in paths and qualified names; Postgres itself splits at dashes and underscores. */
const run = /[\p{L}\p{N}]+(?:[./][\p{L}\p{N}]+)*/gu;
/** What makes a run more than a word: a joint, or capitals inside. */
const compound = /[./]|\p{Ll}\p{Lu}|\p{Lu}{2}\p{Ll}{2}/u;
const part = /\p{Lu}+(?!\p{Ll})|\p{Lu}?[\p{Ll}\p{Lo}\p{Lm}\p{M}]+|\p{N}+/gu;
const mostParts = 12;
/** Scripts that put no spaces between words; Postgres would take a whole sentence as one word. */
const unspaced =
  /[\u0e00-\u0eff\u1000-\u109f\u1780-\u17ff\u3041-\u30ff\u3400-\u4dbf\u4e00-\u9fff\uf900-\ufaff]+/gu;

function identifiersIn(text: string) {
  return [...text.matchAll(run)].flatMap(([whole]) => {
    const parts = compound.test(whole) ? (whole.match(part) ?? []) : [];
    return parts.length > 1 && parts.length <= mostParts ? [{ whole, parts: [...parts] }] : [];
  });
}

function characterPairs(text: string): string[] {
  return [...text.matchAll(unspaced)].flatMap(([run]) => {
    const characters = Array.from(run);
    if (characters.length === 1) return characters;
    return characters.slice(1).map((character, index) => `${characters[index] ?? ""}${character}`);
  });
}

const joinedWord = /[\u0590-\u05ff]+|[\uac00-\ud7a3]+/gu;

/** Postgres knows no Hebrew and no Korean: their words also without the particles that are written as one with them. */
const withoutTheirs = (text: string): string[] =>
  [...text.matchAll(joinedWord)].flatMap(([word]) => {
    const stem = withoutParticles(word);
    return stem === word ? [] : [stem];
  });

/**
 * Words that Postgres's parser does not find in a text: the parts of identifiers, overlapping pairs of
 * characters in scripts without spaces, and Hebrew and Korean words without their particles. Chunks and questions get them alike.
 */
export const extraTerms = (text: string): readonly string[] => [
  ...identifiersIn(text).flatMap(({ parts }) => parts),
  ...characterPairs(text),
  ...withoutTheirs(text),
];

/** A name of several words, and those words. */
export interface Identifier {
  readonly whole: string;
  readonly parts: string;
}

/** What the lexical leg reads of a question. */
export interface AskedWords {
  readonly text: string;
  /** Those that stand in the text. */
  readonly identifiers: readonly Identifier[];
}

/** A question's words as `searchText` writes them for chunks, the parts of its identifiers by themselves. */
export const askedWords = (question: string): AskedWords => ({
  text: [question, ...characterPairs(question), ...withoutTheirs(question)].join(" "),
  identifiers: identifiersIn(question).map(({ whole, parts }) => ({
    whole,
    parts: parts.join(" "),
  })),
});

/** What the lexical leg reads of a chunk. */
export function searchText(text: string): string {
  const extra = extraTerms(text);
  return extra.length === 0 ? text : `${text}\n${extra.join(" ")}`;
}
