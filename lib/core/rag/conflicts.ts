import { contentStems, isStopWord, wordsOf } from "../chat/words.ts";

/** A quoted sentence with what is known of its place. */
export interface DatedQuote {
  readonly documentId: string;
  readonly documentTitle: string;
  readonly publishedAt: Date;
  readonly text: string;
}

/** Two sentences about one thing share at least this much of the shorter one's words. */
const sameThingShare = 0.6;
const leastShared = 3;

const figuresOf = (text: string): readonly string[] =>
  wordsOf(text).filter((word) => /\d/.test(word));
const isNegated = (text: string): boolean =>
  /\b(?:not|no|never|none|cannot|without)\b|n['’]t\b/i.test(text);

/** Do two sentences about one thing have other figures, or does one deny what the other says? */
export function saysOtherwise(one: string, other: string): boolean {
  if (isNegated(one) !== isNegated(other)) return true;
  const [ours, theirs] = [new Set(figuresOf(one)), new Set(figuresOf(other))];
  if (ours.size === 0 || theirs.size === 0) return false;
  // One that says more is no contradiction; each must have a figure that the other lacks.
  return [...ours].some((figure) => !theirs.has(figure)) && [...theirs].some((f) => !ours.has(f));
}

// A date may be what two versions of one text differ in.
const dates =
  /^(?:jan|febr)uary$|^(?:march|april|may|june|july|august)$|^(?:septem|octo|novem|decem)ber$|^(?:mon|tues|wednes|thurs|fri|satur|sun)day$/;

/** Words with a capital that do not begin their sentence. */
function namesOf(text: string): readonly string[] {
  const words = text.match(/[\p{L}\p{M}]+/gu) ?? [];
  return words
    .slice(1)
    .filter((word) => /^\p{Lu}/u.test(word))
    .map((word) => word.toLowerCase())
    .filter((word) => !isStopWord(word) && !dates.test(word));
}

/** Has each of two sentences a name that the other lacks? Then they speak of two things: the office in Oslo, and that in Rome. */
export function nameTwoThings(one: string, other: string): boolean {
  const lacks = (text: string, names: readonly string[]): boolean => {
    const words = new Set(text.toLowerCase().match(/[\p{L}\p{M}]+/gu));
    return names.some((name) => !words.has(name));
  };
  return lacks(other, namesOf(one)) && lacks(one, namesOf(other));
}

/** Rows of forms with labels: another record says something else, and nothing against this one. */
const isRecord = (text: string): boolean => text.includes(" | ") && /\p{L}[)\s]*: /u.test(text);

/** Stems of a sentence, figures left out. */
export const plainStems = (text: string): ReadonlySet<string> =>
  new Set(contentStems(text).filter((stem) => !/\d/.test(stem)));

function speakOfOneThing(one: string, other: string): boolean {
  if ((isRecord(one) && isRecord(other)) || nameTwoThings(one, other)) return false;
  const [ours, theirs] = [plainStems(one), plainStems(other)];
  const shared = [...ours].filter((stem) => theirs.has(stem)).length;
  return shared >= leastShared && shared >= sameThingShare * Math.min(ours.size, theirs.size);
}

/**
 * The first two quotes of different documents that say something else about one thing: another figure, or the opposite; newest first.
 * `null` when none do. A guess from words: two figures may both be right, so readers get to see both.
 */
export function conflictOf<Q extends DatedQuote>(
  quotes: readonly Q[],
): { readonly newer: Q; readonly older: Q } | null {
  for (const [place, one] of quotes.entries()) {
    for (const other of quotes.slice(place + 1)) {
      if (one.documentId === other.documentId) continue;
      if (!speakOfOneThing(one.text, other.text) || !saysOtherwise(one.text, other.text)) continue;
      return one.publishedAt >= other.publishedAt
        ? { newer: one, older: other }
        : { newer: other, older: one };
    }
  }
  return null;
}
