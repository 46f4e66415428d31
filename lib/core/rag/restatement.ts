import { dropsDoubt, farthestWords } from "./arrangement.ts";
import { isStopWord, stemOf, wordsOf } from "../chat/words.ts";

/** Said around what is said. */
const fillers = new Set(
  "indeed also however thus therefore known called often referred answer article text passage document reported reports says according".split(
    " ",
  ),
);

/** Words that the line may have from the question alone: with more of them it answers what the quote does not speak of. */
const mostAskedWords = 2;

const negations = /\b(?:not|no|never|none|neither|nor|without|cannot|nobody|nothing)\b|n['’]t\b/gi;

/** The end of a sentence, a semicolon, or a comma before another main clause, parts as much as so many words. */
const clauseGap = 5;
const clauseEnd = /((?:[;:–—]|[.!?]["”’)\]]*)\s|,\s(?=(?:and|but|while|whereas)\s))/;
const isClauseEnd = /^(?:[;:–—,]|[.!?]["”’)\]]*)\s$/;

interface PlacedStem {
  readonly stem: string;
  readonly at: number;
}

/** Content words in order with their places; places jump at the ends of clauses. */
function placedStems(text: string): readonly PlacedStem[] {
  let at = 0;
  return text.split(clauseEnd).flatMap((piece) => {
    if (isClauseEnd.test(piece)) at += clauseGap;
    return contentOf(piece).map((stem) => ({ stem, at: at++ }));
  });
}

const contentOf = (text: string): readonly string[] =>
  wordsOf(text.replace(/(\d)[,](?=\d{3}\b)/g, "$1"))
    .filter((word) => !isStopWord(word) && !fillers.has(word))
    .filter((word) => word.length > 1 || /\d/.test(word))
    // “Correctly quoted” is not “correct”: adverbs stay what they are.
    .map((word) => (/..ly$/.test(word) ? word : stemOf(word)));

const countsOf = (stems: readonly string[]): ReadonlyMap<string, number> => {
  const counts = new Map<string, number>();
  for (const stem of stems) counts.set(stem, (counts.get(stem) ?? 0) + 1);
  return counts;
};

/**
 * Does the line say what one quote says, in other order or fewer words: each of its content words stands in that quote, or in the
 * question that the quote answers; none is said more often; words side by side in the line stand near each other in the quote; and the
 * quote neither denies nor doubts nor only reports what the line asserts; figures keep what they count. Strict on purpose: what a tiny model writes is right only where it repeats.
 */
export function restates(line: string, quote: string, question: string): boolean {
  if (!/[.!]["”’')\]]*$/.test(line.trim()) || speaksOfItself.test(line)) return false;
  const quoted = placedStems(quote);
  const stems = contentOf(line);
  const asked = new Set(contentOf(question));
  const [said, there] = [countsOf(stems), countsOf(quoted.map(({ stem }) => stem))];
  const isSaidThere = ([stem, count]: readonly [string, number]): boolean =>
    count <= (there.get(stem) ?? (asked.has(stem) && !/\d/.test(stem) ? 1 : 0));
  const tellsSomething = stems.some((stem) => there.has(stem) && !asked.has(stem));
  return (
    [...said].every(isSaidThere) &&
    wordsBeyond(said, there) <= mostAskedWords &&
    tellsSomething &&
    keepsReservations(line, quote) &&
    figuresAreWhole(line, quote, asked) &&
    figuresFollow(line, quote, question) &&
    namesAreWhole(line, quote) &&
    jumps(stems, quoted, contentOf(question)) === 0
  );
}

/** A model that says “I” or “you” speaks of itself or to somebody, or cuts a title short. */
const speaksOfItself = /\b(?:I(?!\W*$)|I['’]m|we|my|our|you|your)\b/;

/** Denied, doubted, reported or compared with something there: the same here. */
const keepsReservations = (line: string, quote: string): boolean =>
  isNegated(line) === isNegated(quote) &&
  !dropsDoubt(line, quote) &&
  !dropsReport(line, quote) &&
  !comparesWithMore(line, quote);

const wordsBeyond = (
  said: ReadonlyMap<string, number>,
  there: ReadonlyMap<string, number>,
): number => [...said.keys()].filter((stem) => !there.has(stem)).length;

const isNegated = (text: string): boolean => (text.match(negations) ?? []).length % 2 === 1;

const report =
  /\b(?:calculat|judg|conclud|f(?:ound|ind)|show|report|reveal|indicat|h[eo]ld|fe(?:el|lt)|maintain|propos|theori|assum|th(?:ink|ought))\w*(?: \w+ \w+)? that\b/i;

/** “They calculate that it is so” does not say that it is so. */
const dropsReport = (line: string, quote: string): boolean =>
  report.test(quote) && !report.test(line);

/** A figure of the quote, up to the second one of a range, and the word that it counts. */
const figure =
  /(\d[\d.,]*)(?:\s?(?:to|and|[-–])\s?(\d[\d.,]*))?(?:[\s-]+([\p{L}°%][\p{L}\p{M}]*)|\s?(%))?/gu;

const digits = (text: string): string => text.replace(/[.,]+$/, "").replace(/,(?=\d{3}\b)/g, "");
const numbersIn = (text: string): readonly string[] => (text.match(/\d[\d.,]*/g) ?? []).map(digits);

const joiner = "of|the|at|in|a|an|for|to|on|de|la|von|van";
const nameWord = "\\p{Lu}[\\p{L}\\p{M}'’.-]*";
/** Capitalised words in a row, with at most two small ones between them. */
const nameOfWords = new RegExp(`${nameWord}(?:\\s(?:(?:${joiner})\\s){0,2}${nameWord})+`, "gu");
const joinerOnly = new RegExp(`^(?:${joiner})$`);

/** Is each name of the quote said with all its words or with none? Half of a name may name another thing. */
function namesAreWhole(line: string, quote: string): boolean {
  const parted = (text: string): readonly string[] => wordsOf(text.replaceAll("-", " "));
  const said = new Set(parted(line));
  const names = quote.replace(/\s-\s/g, "-").match(nameOfWords) ?? [];
  return names.every((name) => {
    const words = parted(name).filter((word) => !joinerOnly.test(word));
    const found = words.filter((word) => said.has(word)).length;
    return found === 0 || found === words.length;
  });
}

const numberWords = new Set(
  "one two three four five six seven eight nine ten eleven twelve thirteen fourteen fifteen sixteen seventeen eighteen nineteen twenty thirty forty fifty sixty seventy eighty ninety hundred thousand million billion half".split(
    " ",
  ),
);

/** Figures and number words, in order. */
const countsIn = (text: string): readonly string[] =>
  (text.toLowerCase().match(/\d[\d.,]*|\p{L}+/gu) ?? [])
    .map(digits)
    .filter((word) => /\d/.test(word) || numberWords.has(word));

/**
 * Do numbers side by side in the line, those of the question apart, stand side by side in the quote? “150 crowns, equal to 700 of 2007”
 * does not say “150 crowns in 2007”: what the second belongs to was left out.
 */
function figuresFollow(line: string, quote: string, question: string): boolean {
  const asked = new Set(countsIn(question));
  const own = countsIn(line).filter((number) => !asked.has(number));
  const there = countsIn(quote);
  return own.slice(1).every((number, at) => {
    const before = own[at] ?? "";
    if (!there.includes(number) || !there.includes(before)) return true;
    return there.some(
      (each, place) =>
        each === number && (there[place - 1] === before || there[place + 1] === before),
    );
  });
}

/** Does each figure of the line stand with its range, and with what it counts in the line or in the question? */
function figuresAreWhole(line: string, quote: string, asked: ReadonlySet<string>): boolean {
  const numbers = new Set(numbersIn(line));
  const own = new Set([...contentOf(line), ...asked]);
  return [...quote.matchAll(figure)].every(([, first = "", second, counted]) => {
    const [low, high] = [digits(first), second === undefined ? undefined : digits(second)];
    if (!numbers.has(low) && (high === undefined || !numbers.has(high))) return true;
    if (high !== undefined && !(numbers.has(low) && numbers.has(high))) return false;
    return contentOf(counted ?? "").every((stem) => own.has(stem));
  });
}

const comparison = /\b(?:than|compared (?:to|with))\b/i;

/** Is something compared with more than in the quote: “other schools” where it says “other public schools”? */
function comparesWithMore(line: string, quote: string): boolean {
  const compared = comparison.exec(quote);
  if (compared === null || !comparison.test(line)) return false;
  const [clause = ""] = quote.slice(compared.index + compared[0].length).split(/[,;.()]/);
  const own = new Set(contentOf(line));
  return contentOf(clause).some((stem) => !own.has(stem));
}

/**
 * The least number of times that neighbours in the line stand far apart in the quote, over all places a repeated word may mean. What
 * stands side by side in the question may come from twice as far; else a word of the question has the place that it has in the quote, or the
 * question's words could be said of anything in it.
 */
function jumps(
  stems: readonly string[],
  quoted: readonly PlacedStem[],
  asked: readonly string[],
): number {
  const pairs = new Set(asked.slice(1).map((stem, at) => `${asked[at] ?? ""} ${stem}`));
  let states: readonly { readonly at: number; readonly jumps: number }[] = [];
  let last = "";
  for (const stem of stems) {
    const places = quoted.filter((each) => each.stem === stem).map(({ at }) => at);
    if (places.length === 0) continue;
    const before = states;
    const farthest = pairs.has(`${last} ${stem}`) ? 2 * farthestWords : farthestWords;
    const costOf = (from: number, to: number): number => (Math.abs(to - from) > farthest ? 1 : 0);
    states = places.map((at) => ({
      at,
      jumps:
        before.length === 0
          ? 0
          : Math.min(...before.map((state) => state.jumps + costOf(state.at, at))),
    }));
    last = stem;
  }
  return states.length === 0 ? 0 : Math.min(...states.map((state) => state.jumps));
}
