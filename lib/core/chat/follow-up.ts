import { standsAlone } from "./standalone.ts";
import { contentStems, isStopWord, wordsOf } from "./words.ts";

const asks =
  /^(?:(?:so|ok|okay|well|and|but)[,.]? )*(?:what|who|whom|whose|where|when|why|how|which|is|are|was|were|do|does|did|can|could|should|would|will|may|has|have|had|am)\b/i;
const names = (text: string): number =>
  (text.match(/(?<=\S\s)\p{Lu}[\p{L}\d]+/gu) ?? []).filter((word) => word !== "I").length;
const holds = (pattern: RegExp, text: string): number => (pattern.test(text) ? 1 : 0);

/** A measure of the turn with its weight in the decision. */
type Sign = readonly [
  weight: number,
  measure: (turn: {
    readonly text: string;
    readonly stems: readonly string[];
    readonly earlier: ReadonlySet<string>;
    readonly last: ReadonlySet<string>;
    readonly turnsBefore: number;
  }) => number,
];

// Logistic weights, fitted on mtrag-human, where people wrote what each turn means by itself; see the record
// docs/decisions/2026-11-26-follow-ups.md for what five-fold validation by conversation gave.
const bias = 1.33;
const signs: readonly Sign[] = [
  [-0.03, ({ text }) => (standsAlone(text) ? 0 : 1)],
  [0.22, ({ stems }) => (stems.length === 2 ? 1 : 0)],
  [0.17, ({ stems }) => (stems.length === 3 ? 1 : 0)],
  [-0.23, ({ stems }) => Math.min(stems.length, 10) / 10],
  [0.56, ({ text }) => (names(text) > 0 ? 1 : 0)],
  [-1.16, ({ text }) => Math.min(names(text), 3) / 3],
  [-0.15, ({ text }) => holds(asks, text)],
  [-0.84, ({ text }) => holds(/\?\s*$/, text)],
  [1.17, ({ text }) => holds(/\b(?:it|its|they|them|their|theirs|he|him|his|she|her)\b/i, text)],
  [0.18, ({ text }) => holds(/\b(?:this|these|those|that)\b/i, text)],
  [
    -0.37,
    ({ text }) =>
      holds(
        /^(?:and|but|or|so|ok|okay|what about|how about|also|then|no|yes|any|some|not)\b/i,
        text,
      ),
  ],
  [0.3, ({ text }) => holds(/\bthe \p{Ll}+/u, text)],
  [-1.11, ({ stems, earlier }) => shareIn(stems, earlier)],
  [-0.39, ({ stems, last }) => (stems.some((stem) => last.has(stem)) ? 1 : 0)],
  [0.08, ({ text }) => holds(/\b(?:I|my|me|we|our)\b/, text)],
  [-1.04, ({ turnsBefore }) => Math.min(turnsBefore, 6) / 6],
  [
    0.07,
    ({ text }) => holds(/\b(?:more|else|other|another|same|instead|too|example|examples)\b/i, text),
  ],
  [0.66, ({ text }) => holds(/\bI (?:mean|meant)\b/i, text)],
  [0.78, ({ text }) => (wordsOf(text).length <= 3 ? 1 : 0)],
  [-0.81, ({ text }) => holds(/\d/, text)],
];
/** Above it a turn is taken for a follow-up: 4.6 % of the turns that people left as they are lie above. */
const limit = 0.5;

function shareIn(stems: readonly string[], earlier: ReadonlySet<string>): number {
  const own = new Set(stems);
  return [...own].filter((stem) => earlier.has(stem)).length / Math.max(1, own.size);
}

/**
 * Does the turn probably need those before it to be understood? A pronoun without a name before it, or next to nothing said, settles
 * it; the rest is a fitted sum of small signs.
 * @param earlier questions before it, oldest first; the first turn never needs any
 */
export function needsEarlierTurns(question: string, earlier: readonly string[]): boolean {
  if (earlier.length === 0) return false;
  const text = question.trim();
  const turn = {
    text,
    stems: contentStems(text),
    earlier: new Set(contentStems(earlier.join(" "))),
    last: new Set(contentStems(earlier.at(-1) ?? "")),
    turnsBefore: earlier.length,
  };
  if (turn.stems.length === 0) return true;
  return signs.reduce((sum, [weight, measure]) => sum + weight * measure(turn), bias) > limit;
}

const mostCarriedWords = 24;

/**
 * What is searched together with a follow-up: the question before it, and the words that carry meaning of those before that, the
 * newest first.
 */
export function carriedText(earlier: readonly string[]): string {
  const previous = earlier.at(-1) ?? "";
  const known = new Set(contentStems(previous));
  let carried: readonly string[] = [];
  for (const question of earlier.slice(0, -1).reverse()) {
    const words = (question.match(/[\p{L}\p{M}\p{N}'’-]+/gu) ?? []).filter((word) => {
      const [stem] = contentStems(word);
      if (stem === undefined || known.has(stem) || isStopWord(word.toLowerCase())) return false;
      known.add(stem);
      return true;
    });
    carried = [...words, ...carried];
  }
  return [...carried.slice(-mostCarriedWords), previous].join(" ").trim();
}
