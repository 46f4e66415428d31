import { wordsOf } from "../chat/words.ts";

const shingleWords = 4;
/** From this share of common word runs on, two texts say the same. */
const sameShare = 0.7;

function shinglesOf(words: readonly string[]): ReadonlySet<string> {
  if (words.length <= shingleWords) return new Set([words.join(" ")]);
  return new Set(
    words.slice(shingleWords - 1).map((_, at) => words.slice(at, at + shingleWords).join(" ")),
  );
}

function overlap(one: ReadonlySet<string>, other: ReadonlySet<string>): number {
  const [small, large] = one.size <= other.size ? [one, other] : [other, one];
  let shared = 0;
  for (const shingle of small) if (large.has(shingle)) shared += 1;
  return shared / Math.max(1, small.size);
}

/** Figures and negations in order: where these differ, two nearly equal texts contradict each other and both count. */
const factsOf = (words: readonly string[]): string =>
  words.filter((word) => /\d/.test(word) || /^(?:not|no|never|t)$/.test(word)).join(" ");

/**
 * Keeps the first of each group of texts that repeat one another nearly word for word (a shared run of four words for at
 * least .7 of the shorter text) with the same figures and negations, so that copies do not fill a list.
 * @param texts best first
 * @returns places of the texts that stay, in order
 */
export function withoutNearDuplicates(texts: readonly string[]): readonly number[] {
  const kept: {
    readonly place: number;
    readonly facts: string;
    readonly shingles: ReadonlySet<string>;
  }[] = [];
  texts.forEach((text, place) => {
    const words = wordsOf(text);
    const shingles = shinglesOf(words);
    const facts = factsOf(words);
    const isCopy = kept.some(
      (other) => other.facts === facts && overlap(other.shingles, shingles) >= sameShare,
    );
    if (!isCopy) kept.push({ place, facts, shingles });
  });
  return kept.map(({ place }) => place);
}
