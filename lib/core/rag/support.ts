import { arrangementIn, dropsDoubt } from "./arrangement.ts";
import { splitSentences } from "./sentences.ts";
import { sharesIn, supportProbability } from "./support-probability.ts";
import { contentStems, isStopWord, stemOf, wordsOf } from "../chat/words.ts";

/** Why a sentence does not count as supported by its passage. */
export type SupportFault =
  "number" | "unit" | "name" | "time" | "negation" | "doubt" | "place" | "words" | "meaning";

export interface SupportVerdict {
  readonly supported: boolean;
  readonly faults: readonly SupportFault[];
  /** That the passage says it, 0 to 1, faults of numbers and names counted in. */
  readonly probability: number;
}

// What counts as answer must be right more often than what is merely likely. With this limit and the faults, of sentences of which a
// fifth is unsupported at most one in twenty of those shown would be, on WiCE, AttributionBench and lines of a tiny model alike.
const leastProbability = 0.65;
/** Once the words may come from two ends of the place: sentences are shortened and turned round. */
const mostJumps = 1;

/**
 * Does the passage say what the sentence says? Every number, name, unit and word for the present time of the sentence must stand in the passage, it must not
 * negate what the passage asserts or the other way round, nor say without doubt what the passage doubts, nor put together what stands
 * in different places there, and its words and their order must make it likely enough.
 * @param nearness of the sentence and the nearest one of the passage; `null` where none was computed: words decide alone then
 */
export function checkSupport(
  sentence: string,
  passage: string,
  nearness: number | null,
): SupportVerdict {
  const faults: SupportFault[] = [];
  const passageNumbers = new Set(numbersOf(passage));
  if (numbersOf(sentence).some((number) => !passageNumbers.has(number))) faults.push("number");
  const passageUnits = new Set(measuresOf(passage));
  if (measuresOf(sentence).some((measure) => !passageUnits.has(measure))) faults.push("unit");
  const passageWords = new Set(wordsOf(passage));
  const passageStems = new Set([...passageWords].map(stemOf));
  if (namesOf(sentence).some((name) => !passageStems.has(name))) faults.push("name");
  if (wordsOf(sentence).some((word) => timeWords.has(word) && !passageWords.has(word)))
    faults.push("time");
  if (isNegated(sentence) !== isNegated(nearestSentence(sentence, passage)))
    faults.push("negation");
  faults.push(...faultsOfPlace(sentence, passage));
  const measures = {
    ...sharesIn(withDigits(sentence), withDigits(passage)),
    missesNumber: faults.includes("number"),
    missesName: faults.includes("name"),
  };
  const likely = supportProbability({ ...measures, nearness: null });
  const probability = nearness === null ? likely : supportProbability({ ...measures, nearness });
  if (contentStems(sentence).length === 0) faults.push("words");
  else if (probability < leastProbability)
    faults.push(likely < leastProbability || nearness === null ? "words" : "meaning");
  return { supported: faults.length === 0, faults, probability };
}

/** Every word may stand in a passage that says something else: of another thing, twice, or perhaps. */
function faultsOfPlace(sentence: string, passage: string): readonly SupportFault[] {
  const arranged = arrangementIn(sentence, passage);
  if (arranged === null) return ["place"];
  const { place, jumps, repeats } = arranged;
  const numbers = new Set(numbersOf(place));
  const isScattered =
    jumps > mostJumps || repeats || numbersOf(sentence).some((number) => !numbers.has(number));
  return [
    ...(isScattered ? ["place" as const] : []),
    ...(dropsDoubt(sentence, place) ? ["doubt" as const] : []),
  ];
}

/** A line that asks back, breaks off before a list, or only repeats the question's own words, answers nothing. */
export function answersNothing(line: string, question: string): boolean {
  const asked = new Set(contentStems(question));
  return /[?:]\s*$/.test(line) || contentStems(line).every((stem) => asked.has(stem));
}

// A document says when it was written; a model that reads it does not know what day it is.
const timeWords = new Set("today tonight tomorrow yesterday now currently nowadays".split(" "));

const numberWords: Readonly<Record<string, string>> = Object.fromEntries(
  "zero one two three four five six seven eight nine ten eleven twelve thirteen fourteen fifteen sixteen seventeen eighteen nineteen twenty"
    .split(" ")
    .map((word, value) => [word, String(value)]),
);

/** The text with small number words as digits and without thousands separators: numbers are compared by value, not by spelling. */
const withDigits = (text: string): string =>
  text
    .replace(/(\d)[, ](?=\d{3}\b)/g, "$1")
    .replace(/[a-z]+/gi, (word) => numberWords[word.toLowerCase()] ?? word);

/** Numbers as digits: thousands separators gone, small number words read, ordinals without their ending. */
function numbersOf(text: string): readonly string[] {
  const plain = text.replace(/(\d)[, ](?=\d{3}\b)/g, "$1").toLowerCase();
  const digits = (plain.match(/\d+(?:\.\d+)?/g) ?? []).map((number) => String(Number(number)));
  const words = (plain.match(/[a-z]+/g) ?? []).flatMap((word) => numberWords[word] ?? []);
  return [...digits, ...words];
}

const unitNames: Readonly<Record<string, string>> = {
  "%": "percent",
  percent: "percent",
  km: "kilometre",
  kilometre: "kilometre",
  kilometer: "kilometre",
  m: "metre",
  metre: "metre",
  meter: "metre",
  cm: "centimetre",
  centimetre: "centimetre",
  centimeter: "centimetre",
  mm: "millimetre",
  mile: "mile",
  foot: "foot",
  feet: "foot",
  ft: "foot",
  inch: "inch",
  kg: "kilogram",
  kilogram: "kilogram",
  g: "gram",
  gram: "gram",
  mg: "milligram",
  tonne: "tonne",
  ton: "ton",
  lb: "pound",
  pound: "pound",
  s: "second",
  second: "second",
  ms: "millisecond",
  millisecond: "millisecond",
  minute: "minute",
  hour: "hour",
  day: "day",
  week: "week",
  month: "month",
  year: "year",
  kb: "kilobyte",
  mb: "megabyte",
  gb: "gigabyte",
  tb: "terabyte",
  thousand: "thousand",
  million: "million",
  billion: "billion",
  trillion: "trillion",
  dollar: "dollar",
  $: "dollar",
  euro: "euro",
  "€": "euro",
  "£": "pound",
  degree: "degree",
  "°": "degree",
  watt: "watt",
  kw: "kilowatt",
  volt: "volt",
};

/** Numbers with their unit, e.g. `5 kilometre`. */
function measuresOf(text: string): readonly string[] {
  const plain = text.replace(/(\d)[, ](?=\d{3}\b)/g, "$1").toLowerCase();
  const found: string[] = [];
  for (const match of plain.matchAll(/(\d+(?:\.\d+)?)[\s-]*([a-z]+|%|°|€)/g))
    pushMeasure(found, match[1], match[2]);
  for (const match of plain.matchAll(/([$€£])\s?(\d+(?:\.\d+)?)/g))
    pushMeasure(found, match[2], match[1]);
  return found;
}

function pushMeasure(found: string[], number: string | undefined, unit: string | undefined): void {
  const name = unitNames[unit ?? ""] ?? unitNames[(unit ?? "").replace(/s$/, "")];
  if (name !== undefined && number !== undefined) found.push(`${String(Number(number))} ${name}`);
}

/** Stems of the capitalised words inside a sentence; the first word counts when it is no ordinary word. */
function namesOf(sentence: string): readonly string[] {
  const words = sentence.match(/[\p{L}\p{M}][\p{L}\p{M}'’-]*/gu) ?? [];
  return words.flatMap((word, index) => {
    const lower = word.toLowerCase().replace(/['’]s$/, "");
    const capital = /^\p{Lu}/u.test(word);
    if (!capital || isStopWord(lower)) return [];
    // A capital at the start says nothing unless more capitals follow in the word.
    if (index === 0 && !/^\p{Lu}.*\p{Lu}/u.test(word)) return [];
    return wordsOf(lower).map(stemOf);
  });
}

const negations =
  /\b(?:not|no|never|none|neither|nor|without|cannot|nobody|nothing|nowhere|hardly|fails? to|failed to|unable|lacks?|lacked)\b|n['’]t\b/gi;

const isNegated = (text: string): boolean => (text.match(negations) ?? []).length % 2 === 1;

/** The sentences of the passage that share most words with the given one, at most `count`, the nearest first. */
export function nearestSentences(
  sentence: string,
  passage: string,
  count: number,
): readonly string[] {
  const wanted = new Set(contentStems(sentence));
  return splitSentences(passage)
    .map(({ start, end }) => passage.slice(start, end))
    .map((text) => ({
      text,
      shared: new Set(contentStems(text).filter((stem) => wanted.has(stem))).size,
    }))
    .toSorted((one, other) => other.shared - one.shared)
    .slice(0, count)
    .map(({ text }) => text);
}

/** The sentence of the passage that shares most words with the given one: only there negation means anything. */
function nearestSentence(sentence: string, passage: string): string {
  const wanted = new Set(contentStems(sentence));
  let nearest = passage;
  let most = 0;
  for (const candidate of passage.split(/(?<=[.!?])\s+/)) {
    const shared = new Set(contentStems(candidate).filter((stem) => wanted.has(stem))).size;
    if (shared > most) {
      most = shared;
      nearest = candidate;
    }
  }
  return nearest;
}
