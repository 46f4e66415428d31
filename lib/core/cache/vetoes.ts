import { answerTypeOf } from "../chat/answer-type.ts";
import { contentStems, isStopWord, stemOf, wordsOf } from "../chat/words.ts";
import { singular } from "./question-form.ts";
import type { VetoKind } from "./veto-kinds.ts";

export interface Veto {
  readonly kind: VetoKind;
  /** What one question says and the other does not, for the admin page. */
  readonly detail: string;
}

interface Guard {
  readonly kind: VetoKind;
  /** What the two questions must have in common, order and repetition kept. */
  readonly read: (question: string) => readonly string[];
}

const numberWords = new Map(
  "zero one two three four five six seven eight nine ten eleven twelve thirteen fourteen fifteen sixteen seventeen eighteen nineteen twenty"
    .split(" ")
    .map((word, value): [string, string] => [word, String(value)]),
);

const plainNumbers = (text: string): string =>
  text.normalize("NFKC").replace(/(\d)[, ](?=\d{3}\b)/g, "$1");

/** Numbers as digits with their sign; "one" only where it counts something. */
function numbersOf(question: string): readonly string[] {
  const text = plainNumbers(question).toLowerCase();
  const found = text.matchAll(/(?<![\p{L}\d.])[-−]?\d+(?:[.:/]\d+)*(?!\p{L})|\p{L}+/gu);
  return [...found].flatMap(([word]) => {
    if (/\d/.test(word)) return [word.replace("−", "-")];
    const value = numberWords.get(word);
    return value === undefined || word === "one" ? [] : [value];
  });
}

/** The word or sign beside each number. */
function unitsOf(question: string): readonly string[] {
  const text = plainNumbers(question).toLowerCase();
  const after = [...text.matchAll(/\d\s*-?\s*([%°$€£]|\p{L}+)/gu)].map(([, unit = ""]) => unit);
  const before = [...text.matchAll(/([$€£])\s*\d/g)].map(([, sign = ""]) => sign);
  return [...after.filter((unit) => !isStopWord(unit)).map(stemOf), ...before];
}

/** Words of letters and digits or with inner marks, as they are written: model names, versions, paths, `c++`. */
const identifiersOf = (question: string): readonly string[] =>
  (question.normalize("NFKC").match(/[^\s?!,;:()"“”'’]+/g) ?? [])
    .map((word) => word.replace(/(?<!\.)\.+$/, "").toLowerCase())
    .filter(
      (word) =>
        (/\p{L}/u.test(word) && /\d/.test(word)) ||
        /[\p{L}\d][._/\\@][\p{L}\d]/u.test(word) ||
        /\p{L}[+#*^~]/u.test(word) ||
        /^[^\p{L}\d]+$/u.test(word),
    );

/** Words all in capitals and single capital letters, stop words among them too: IT is not "it", vitamin A is no article. */
function acronymsOf(question: string): readonly string[] {
  const words = question.match(/[\p{L}\p{M}]+/gu) ?? [];
  const isCapital = (word: string): boolean => /^\p{Lu}+$/u.test(word) && word !== "I";
  const capitals = words.filter((word, index) => isCapital(word) && (index > 0 || word.length > 1));
  return capitals.length > words.length / 2 ? [] : capitals.sort();
}

// Function words that may come and go when everything else is equal; all others count, in their order.
const harmless = new Set("a an the is are do does i you we some please".split(" "));
const alike: Readonly<Record<string, string>> = {
  ...{ my: "own", your: "own", our: "own" },
  ...{ for: "of", about: "of", could: "can" },
};

/** Prepositions, modals, other persons: "in a black hole" is not "a black hole". A final "do" asks for the action. */
const functionWordsOf = (question: string): readonly string[] => [
  ...wordsOf(question)
    .filter((word) => isStopWord(word) && !harmless.has(word))
    .map((word) => alike[word] ?? word),
  ...(/\bdo(?:es)?\W*$/i.test(question) ? ["do"] : []),
];

const quotedOf = (question: string): readonly string[] =>
  [...question.matchAll(/["“”«]{1,4}([^"“”»]+)["“”»]+|(?<!\p{L})[‘']([^'’]+)[’'](?!\p{L})/gu)].map(
    ([, double, single]) => (double ?? single ?? "").trim().toLowerCase(),
  );

const negationWords =
  /\b(?:not|no|never|none|neither|nor|without|nobody|nothing|nowhere|cannot|except|unless|hardly|lack(?:s|ing)?|fail(?:s|ed)?|stop|avoid|prevent)\b|n['’]t\b|\bnon-?(?=\p{L})/giu;
/** The word that follows each negation: what is denied counts, not only that something is. */
const negationsOf = (question: string): readonly string[] =>
  [...question.matchAll(negationWords)].map(([cue], index, all) => {
    const from = (all[index]?.index ?? 0) + cue.length;
    return `not ${wordsOf(question.slice(from)).find((word) => !idle.has(word)) ?? ""}`;
  });
const idle = new Set(["a", "an", "the", "to", "be", "have", "any"]);

/** Degree and limit: the best is not the worst, before is not after. */
const degree =
  /\b(?:more|less|most|least|fewer|\p{L}{2,}(?:est|ier)|better|worse|best|worst|than|before|after|since|until|above|below|over|under|minimum|maximum|min|max|first|last|few|many|much|several|same|other|another|such|only|all|every|each|both|always|to|from|into|out|off|up|down)\b/giu;
const comparativesOf = (question: string): readonly string[] =>
  (question.toLowerCase().match(degree) ?? []).sort();

/** Capitalised words that do not begin the question. A text all in capitals, or with a capital on nearly every word, tells nothing. */
function namesOf(question: string): readonly string[] {
  const words = question.match(/[\p{L}\p{M}][\p{L}\p{M}'’-]*/gu) ?? [];
  const capitals = words.filter((word) => /^\p{Lu}/u.test(word)).length;
  if (capitals > 3 && capitals > words.length * 0.7) return [];
  return words.flatMap((word, index) => {
    const lower = word.toLowerCase().replace(/['’]s$/, "");
    const isName = index > 0 && /^\p{Lu}/u.test(word) && !isStopWord(lower);
    return isName ? wordsOf(lower).map(stemOf) : [];
  });
}

const times =
  /\b(?:today|tonight|tomorrow|yesterday|now|currently|nowadays|recent(?:ly)?|latest|last|next|this|future|past|ago|yet|still|monday|tuesday|wednesday|thursday|friday|saturday|sunday|january|february|march|april|june|july|august|september|october|november|december|spring|summer|autumn|winter)\b/gi;
const pastVerbs = /\b(?:was|were|did|had)\b/i;
const futureVerbs = /\b(?:will|shall|going to)\b/i;
const timesOf = (question: string): readonly string[] => [
  ...(question.toLowerCase().match(times) ?? []).sort(),
  ...(pastVerbs.test(question) ? ["past"] : []),
  ...(futureVerbs.test(question) ? ["future"] : []),
];

const typeWords =
  /^(?:\p{L}+ ){0,3}?(how many|how much|how long|how often|how far|how old|how|what|which|who|whom|whose|why|when|where|is|are|am|was|were|do|does|did|can|could|will|would|should|shall|may|might|must|has|have|had)\b/iu;
const families: Readonly<Record<string, string>> = {
  which: "what",
  whom: "who",
  are: "is",
  am: "is",
  were: "was",
  does: "do",
  could: "can",
  may: "can",
  might: "can",
  has: "have",
  shall: "should",
};
const questionTypeOf = (question: string): readonly string[] => {
  const word = typeWords.exec(question.trim())?.[1]?.toLowerCase() ?? "none";
  return [families[word] ?? word, answerTypeOf(question)];
};

const guards: readonly Guard[] = [
  { kind: "number", read: numbersOf },
  { kind: "unit", read: unitsOf },
  { kind: "identifier", read: identifiersOf },
  { kind: "quoted", read: quotedOf },
  { kind: "name", read: acronymsOf },
  { kind: "negation", read: negationsOf },
  { kind: "comparative", read: comparativesOf },
  { kind: "time", read: timesOf },
  { kind: "question-type", read: questionTypeOf },
  { kind: "word", read: functionWordsOf },
];

/** Every guard's objection to serving the answer of `cached` for `asked`. None of them decides that two questions are the same. */
export function vetoes(cached: string, asked: string): readonly Veto[] {
  const found: Veto[] = [];
  for (const { kind, read } of guards) {
    const detail = difference(read(cached), read(asked));
    if (detail !== null) found.push({ kind, detail });
  }
  const cachedStems = contentStems(cached);
  const askedStems = contentStems(asked);
  const names = difference(
    namesOf(cached).filter((name) => !askedStems.includes(name)),
    namesOf(asked).filter((name) => !cachedStems.includes(name)),
  );
  if (names !== null) found.push({ kind: "name", detail: names });
  const cachedWords = meaningfulWords(cached);
  const askedWords = meaningfulWords(asked);
  const words = difference([...new Set(cachedWords)].sort(), [...new Set(askedWords)].sort());
  if (words !== null) found.push({ kind: "word", detail: words });
  else if (cachedWords.join(" ") !== askedWords.join(" "))
    found.push({ kind: "order", detail: `${cachedWords.join(" ")} | ${askedWords.join(" ")}` });
  return found;
}

/** Words that are no stop words, plural and singular alike; derived words ("engineer", "engineering") stay apart. */
const meaningfulWords = (question: string): readonly string[] =>
  wordsOf(question)
    .filter((word) => !isStopWord(word) && (word.length > 1 || /\d/.test(word)))
    .map(singular);

/** What stands in one list and not in the other, `null` when they are equal. */
function difference(one: readonly string[], other: readonly string[]): string | null {
  if (one.length === other.length && one.every((item, index) => item === other[index])) return null;
  const missing = one.filter((item) => !other.includes(item));
  const added = other.filter((item) => !one.includes(item));
  return `${missing.join(" ") || "–"} | ${added.join(" ") || "–"}`;
}
