import { contentStems, wordsOf } from "./words.ts";

const backReferences = new Set(
  "he him his she her hers it its they them their theirs this that these those there one ones former latter former else another".split(
    " ",
  ),
);

const continuations =
  /^(and|but|or|so|also|then|what about|how about|why|why not|how so|really|more|else|what else|who else|where else)\b/i;

// "the river that crosses" and "is there" point at nothing outside the question.
const harmlessReferences =
  /\b(?:is|are|was|were|does|do) there\b|\b\p{L}+ that (?:\p{L}+s|\p{L}+ed|is|are|was|were|has|have|had|can|may)\b|\bit (?:true|possible|take|mean)s?\b/giu;

/** False when a question probably needs the one before it to be understood: it points back, goes on, or names nothing. */
export function standsAlone(question: string): boolean {
  const content = contentStems(question);
  if (content.length === 0) return false;
  if (continuations.test(question.trim()) && content.length <= 3) return false;
  const rest = question.replace(harmlessReferences, " ");
  const pointsBack = wordsOf(rest).some((word) => backReferences.has(word));
  return !pointsBack && content.length >= 2;
}
