import { needsEarlierByWords } from "./other-follow-ups.ts";
import { hasLoosePronoun, standsAlone } from "./standalone.ts";
import { contentStems, isStopWord } from "./words.ts";

const names = (text: string): number =>
  (text.match(/(?<=\S\s)\p{Lu}[\p{L}\d]+/gu) ?? []).filter((word) => word !== "I").length;
const holds = (pattern: RegExp, text: string): number => (pattern.test(text) ? 1 : 0);
const share = (stems: ReadonlySet<string>, among: ReadonlySet<string>): number =>
  [...stems].filter((stem) => among.has(stem)).length / Math.max(1, stems.size);
const sharesAny = (stems: ReadonlySet<string>, among: ReadonlySet<string>): number =>
  [...stems].some((stem) => among.has(stem)) ? 1 : 0;

/** What is said about the answer before, ahead of the question itself. */
const reaction =
  /^(?:(?:oh wow|wow|woah|hmm?|cool|awesome|great|interesting|nice|deep|ok|okay|well|so|but|and|then|also|aha|ah|oh|yes|no)[\s,.!…:-]+)+/i;

interface Turn {
  readonly text: string;
  /** Without a reaction to the answer before it. */
  readonly asked: string;
  readonly stems: ReadonlySet<string>;
  readonly earlier: ReadonlySet<string>;
  readonly first: ReadonlySet<string>;
  /** What was said in two turns or more. */
  readonly topic: ReadonlySet<string>;
  readonly turnsBefore: number;
}

/** A measure of the turn with its weight in the decision. */
type Sign = readonly [weight: number, measure: (turn: Turn) => number];

// Logistic weights, fitted on mtrag-human and half of the conversations in testing/fixtures/conversations, where people wrote what each
// turn means by itself; what they give on others is in docs/decisions/2026-11-26-follow-ups.md.
const bias = 0.91;
const signs: readonly Sign[] = [
  [0.61, ({ asked }) => (hasLoosePronoun(asked) ? 1 : 0)],
  [-0.45, ({ stems, earlier }) => share(stems, earlier)],
  [-0.53, ({ turnsBefore }) => Math.min(turnsBefore, 6) / 6],
  [-0.05, ({ text }) => Math.min(names(text), 3) / 3],
  [-0.66, ({ text }) => holds(/\?\s*$/, text)],
  [-0.9, ({ stems, topic }) => sharesAny(stems, topic)],
  [0.68, ({ text }) => holds(/\b(?:it|its|they|them|their|theirs|he|him|his|she|her)\b/i, text)],
  [0.22, ({ text }) => holds(/\bI (?:mean|meant)\b/i, text)],
  [0.22, ({ stems, first }) => sharesAny(stems, first)],
  [0.4, ({ text, asked }) => (asked === text ? 0 : 1)],
];
/** Above it a turn is taken for a follow-up: 4.6 % of the turns that people left as they are lie above. */
const limit = 0.53;

/** Asks for more of what was just said, or for one of several things that were. */
const goesOn =
  /\b(?:tell me more|more (?:details|specific|information|examples)|be more specific|elaborate|go on|what (?:else|happened next|next)|anything else|so what|why not|how come)\b[^?.!]{0,12}[?.!]*$|\b(?:which|what|other|the) (?:ones|two|others|second one|first one)\b/i;

/** Stems that at least two of the turns hold. */
function topicOf(earlier: readonly string[]): ReadonlySet<string> {
  const once = new Set<string>();
  const again = new Set<string>();
  for (const question of earlier)
    for (const stem of new Set(contentStems(question))) (once.has(stem) ? again : once).add(stem);
  return again;
}

/** Names what it is about, points at nothing and shares no word with what was asked before; or is a whole question all the same. */
function opensAnew({ text, asked, stems, earlier }: Turn): boolean {
  if (asked !== text || hasLoosePronoun(text)) return false;
  if (names(text) > 0 && stems.size >= leastNamingStems && sharesAny(stems, earlier) === 0)
    return true;
  return stems.size >= leastWholeStems && text.endsWith("?") && standsAlone(text);
}
const leastNamingStems = 3;
const leastWholeStems = 4;

/**
 * Does the turn probably need those before it to be understood? To have said next to nothing, to ask for more, or to open something new settles it; the rest
 * is a fitted sum of small signs: a pronoun that nothing in the turn explains, a reaction to the answer, the topic left out.
 * @param earlier questions before it, oldest first; the first turn never needs any
 */
export function needsEarlierTurns(question: string, earlier: readonly string[]): boolean {
  if (earlier.length === 0) return false;
  const text = question.trim();
  const stems = new Set(contentStems(text));
  if (stems.size === 0 || goesOn.test(text)) return true;
  const byWords = needsEarlierByWords(text, stems.size);
  if (byWords !== null) return byWords;
  const turn: Turn = {
    text,
    asked: text.replace(reaction, ""),
    stems,
    earlier: new Set(contentStems(earlier.join(" "))),
    first: new Set(contentStems(earlier[0] ?? "")),
    topic: topicOf(earlier),
    turnsBefore: earlier.length,
  };
  if (opensAnew(turn)) return false;
  const sum = signs.reduce((all, [weight, measure]) => all + weight * measure(turn), bias);
  return 1 / (1 + Math.exp(-sum)) > limit;
}

const mostCarriedWords = 24;
const mostAnswerWords = 16;

/**
 * What is searched together with a follow-up: the question before it, and the words that carry meaning of those before that, the
 * newest first.
 * @param lastAnswer what was answered to the question before: its names, and what it says twice, are carried too
 */
export function carriedText(earlier: readonly string[], lastAnswer = ""): string {
  const previous = earlier.at(-1) ?? "";
  const known = new Set(contentStems(previous));
  const isNew = (word: string): boolean => {
    const [stem] = contentStems(word);
    if (stem === undefined || known.has(stem) || isStopWord(word.toLowerCase())) return false;
    known.add(stem);
    return true;
  };
  let carried: readonly string[] = [];
  for (const question of earlier.slice(0, -1).reverse())
    carried = [...wordsIn(question).filter(isNew), ...carried];
  const answered = tellingWords(lastAnswer).filter(isNew).slice(0, mostAnswerWords);
  return [...carried.slice(-mostCarriedWords), ...answered, previous].join(" ").trim();
}

const wordsIn = (text: string): readonly string[] => text.match(/[\p{L}\p{M}\p{N}'’-]+/gu) ?? [];

/** Names, and words that are said more than once: what an answer is about. */
function tellingWords(answer: string): readonly string[] {
  const counts = new Map<string, number>();
  for (const stem of contentStems(answer)) counts.set(stem, (counts.get(stem) ?? 0) + 1);
  const inside = new Set(answer.match(/(?<=[\p{L}\p{N},;]\s["“(]?)\p{Lu}[\p{L}\d]+/gu));
  return wordsIn(answer).filter(
    (word) => inside.has(word) || contentStems(word).some((stem) => (counts.get(stem) ?? 0) > 1),
  );
}
