import { dropsDoubt } from "./arrangement.ts";
import { isStopWord, stemOf, wordsOf } from "../chat/words.ts";

const negations = /\b(?:not|no|never|none|neither|nor|without|cannot|nobody|nothing)\b|n['’]t\b/gi;

/** The most content words that a line leaves out of what it repeats, in one run. After its last word it may leave out all. */
const mostLeftOut = 2;

/** The end of a sentence, a semicolon, or a comma before another main clause. */
const clauseEnd = /(?:[;:–—]|[.!?]["”’)\]]*)\s|,\s(?=(?:and|but|while|whereas)\s)/;

interface QuotedWord {
  /** Of a content word; null for the others. */
  readonly stem: string | null;
  readonly isCount: boolean;
  readonly clause: number;
  readonly isAfterComma: boolean;
}

const wordsInClauses = (quote: string): readonly QuotedWord[] =>
  withWholeNumbers(quote)
    .split(clauseEnd)
    .flatMap((text, clause) =>
      text.split(/[,()]/).flatMap((piece) =>
        wordsOf(piece).map((word, at) => ({
          stem: contentOf(word)[0] ?? null,
          isCount: isCount(word),
          clause,
          isAfterComma: at === 0,
        })),
      ),
    );

const withWholeNumbers = (text: string): string => text.replace(/(\d)[,](?=\d{3}\b)/g, "$1");

const contentOf = (text: string): readonly string[] =>
  wordsOf(withWholeNumbers(text))
    .filter((word) => !isStopWord(word))
    .filter((word) => word.length > 1 || /\d/.test(word))
    // “Correctly quoted” is not “correct”: adverbs stay what they are.
    .map((word) => (/..ly$/.test(word) ? word : stemOf(word)));

/**
 * Does the line repeat one quote from its beginning, in its order: no content word of its own, at most one short run left out, and
 * whatever comes after its last word; and the quote neither denies nor doubts nor only reports what the line asserts; names, figures and
 * what they count stay whole. Strict on purpose: what a tiny model writes is right only where it repeats.
 */
export function restates(line: string, quote: string, question: string): boolean {
  if (breaksOff(line) || speaksOfItself.test(line)) return false;
  const asked = new Set(contentOf(question));
  const stems = contentOf(line);
  return (
    stems.some((stem) => !asked.has(stem)) &&
    follows(stems, wordsInClauses(quote)) &&
    keepsReservations(line, quote) &&
    figuresAreWhole(line, quote, asked) &&
    namesAreWhole(line, quote)
  );
}

/** Without an end, inside a bracket, or at an initial that was taken for one. */
const breaksOff = (line: string): boolean =>
  !/[.!]["”’')\]]*$/.test(line.trim()) ||
  /\b\p{Lu}\.$/u.test(line.trim()) ||
  line.split("(").length !== line.split(")").length;

interface Reached {
  /** Place of the quote's word that the last word of the line repeats. */
  readonly at: number;
  readonly hasSkipped: boolean;
}

/** Do the line's content words stand in the quote in this order, from its first one on, with at most one run left out? */
function follows(stems: readonly string[], quoted: readonly QuotedWord[]): boolean {
  const first = quoted.findIndex(({ stem }) => stem !== null);
  let reached: readonly Reached[] =
    quoted[first]?.stem === stems[0] ? [{ at: first, hasSkipped: false }] : [];
  for (const stem of stems.slice(1))
    reached = reached.flatMap((from) => nextPlaces(stem, from, quoted));
  // “The first woman to fly” is not “the first”.
  return reached.some(({ at }) => {
    const next = quoted[at + 1];
    return next === undefined || next.stem === null || next.isAfterComma;
  });
}

/** Where the quote goes on with this word: behind at most one run of words of the same clause, without a figure. */
function nextPlaces(
  stem: string,
  from: Reached,
  quoted: readonly QuotedWord[],
): readonly Reached[] {
  const found: Reached[] = [];
  const clause = quoted[from.at]?.clause;
  let leftOut = 0;
  for (const [at, word] of quoted.entries()) {
    if (at <= from.at || word.stem === null) continue;
    const isSkipping = leftOut > 0;
    if (word.stem === stem && (!isSkipping || word.clause === clause))
      found.push({ at, hasSkipped: from.hasSkipped || isSkipping });
    leftOut += 1;
    if (word.isCount || from.hasSkipped || leftOut > mostLeftOut) break;
  }
  return found;
}

/** A model that says “I” or “you” speaks of itself or to somebody, or cuts a title short. */
const speaksOfItself = /\b(?:I(?!\W*$)|I['’]m|we|my|our|you|your)\b/;

/** Denied, doubted, reported or compared with something there: the same here. */
const keepsReservations = (line: string, quote: string): boolean =>
  isNegated(line) === isNegated(quote) &&
  !dropsDoubt(line, quote) &&
  !dropsReport(line, quote) &&
  !comparesWithMore(line, quote);

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

const isCount = (word: string): boolean => /\d/.test(word) || numberWords.has(word.toLowerCase());

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
