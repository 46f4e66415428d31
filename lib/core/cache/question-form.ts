import {
  anyPerson as person,
  equalAction,
  equalPhrases,
  equalTurns,
  equalWord,
  type Rewrite,
} from "./equal-turns.ts";

/**
 * The form of a question: equal forms ask the same thing, since only edits that cannot change the answer lead from one wording to the
 * other. What this file does not know to be harmless stays in the form, so an unknown difference keeps two questions apart.
 */
export interface QuestionForm {
  /** Frame, then every word that is left, in order, as stems: the whole of what is compared. */
  readonly text: string;
  /** What kind of thing is asked for, e.g. `how-to`, `why`, `yes-no`. */
  readonly frame: string;
}

const contractions: readonly Rewrite[] = [
  [/\b(what|who|where|when|how|why|that|there|it|he|she)['’]?s\b/g, "$1 is"],
  [/\bcan(?:no|['’])t\b/g, "can not"],
  [/\bwon['’]t\b/g, "will not"],
  [/\b(do|does|did|is|are|was|were|has|have|had|could|would|should|must)n['’]?t\b/g, "$1 not"],
  [/\bi['’]m\b/g, "i am"],
  [/\b(i|you|we|they)['’]ve\b/g, "$1 have"],
  [/\b(i|you|we|they)['’]re\b/g, "$1 are"],
  [/\b(i|you|we|they|he|she|it)['’]ll\b/g, "$1 will"],
  [/\b(i|you|we|they|he|she|it)['’]d\b/g, "$1 would"],
];

// Said before or after a question without being part of it.
const wrappings: readonly Rewrite[] = [
  [/^please\b\s*/g, ""],
  // Alone these are words of their own as well: water from a well, a tax in OK.
  [
    /^(?:hi|hello|hey|ok|okay|so|well)(?:\s*[,.!:]\s*|\s+(?=(?:how|what|which|who|whom|whose|why|when|where|is|are|was|were|do|does|did|can|could|will|would|should|may|must|has|have|had|please|tell|i)\b))/g,
    "",
  ],
  [
    /^(?:can|could|would|will) (?:you|someone|anyone|anybody|somebody) (?:please )?(?:tell|explain to|show) (?:me|us) /g,
    "",
  ],
  [
    /^(?:i (?:want|need|would like) to know|i am (?:wondering|curious)|do you know|does anyone know|tell me|any idea) /g,
    "",
  ],
  [/\s*\b(?:please|thanks|thank you)$/g, ""],
];

// Which place is best to travel: what is the best place to travel.
const turns: readonly Rewrite[] = [
  [
    /^(?:which|what) ((?:[\p{L}-]+ ){1,2})(?:is|are) (?:the )?(best|better|worst)\b(?! of| (?:and|or|than)\b)/gu,
    "what is the $2 $1",
  ],
  [/^(?:why and how|how and why)\b/g, "how and why"],
  [/^(?:are|is) there (?:any |some |a |an )?/g, "is there "],
  [/^((?:in|for|with|using) [^ ,]+),? (?=(?:how|what|which|why|when|where|who)\b)(.+)$/g, "$2 $1"],
  [/\bin order to\b/g, "to"],
  [/\bas well as\b/g, "and"],
];

/**
 * Frames, the first that fits wins. Everything that a frame takes away is asked for by its name; verbs in another tense, other persons
 * and other question words stay apart.
 */
const frames: readonly (readonly [string, RegExp])[] = [
  [
    "how-to",
    new RegExp(
      `^how (?:can|could|do|should|would|may|might) ${person} (?:best )?(?!(?:not|ever|know|think|feel|like|look|say|call|pronounce|define|have|get (?:so|this)|be (?:so|this))\\b)`,
    ),
  ],
  ["how-to", /^how (?:best )?to\b (?!know\b)/],
  [
    "how-to",
    new RegExp(
      `^what (?:is|are|would be|will be) (?:the |a |an |any |some |some of the |a few )?(?:best |good |right |proper |correct |(?:most )?effective |possible )?(?:ways?|methods?) (?:to|(?:for )?${person} (?:to|can|could)) `,
    ),
  ],
  ["which-better", /^which is better (?=.+ or )/],
  ["which-best", /^which is best (?=.+ or )/],
  ["how-much-cost", /^how much cost /],
  ["how-many", /^(?:how many|what (?:is|was) the (?:total )?number of) /],
  ["how-much", /^how much (?!cost )/],
  ["how-long", /^how long /],
  ["what-mean", /^what (?:is|are) (?:meant by|the meaning of) (?:the )?(?:word |term |phrase )?/],
  ["what-mean", /^what does (?:the )?(?:word |term |phrase )?(?=.+ mean$)/],
  [
    "what-difference",
    /^(?:what|which) (?:is|are) (?:the )?(?:main |basic |actual |exact )?differences? (?:between|in between|of(?=.+ and )) /,
  ],
  ["what-is", /^(?:what|which) (?:is|are) (?:some of the |some |few |a few )?/],
  ["what-was", /^(?:what|which) was /],
  ["what-was", /^(?:what|which) were (?:some of the |some )?/],
  ["who-is", /^who (?:is|are) /],
  ["who-was", /^who (?:was|were) /],
  [
    "where-to",
    new RegExp(
      `^where (?:can|could|do|may|might|to) (?:${person} )?(?=(?:buy|purchase|find|get|download|order|watch|read|apply|report|send|submit|obtain)\\b)`,
    ),
  ],
  ["where-is", /^where (?:is|are) /],
  ["can", new RegExp(`^(?:can|could|may) ${person} `)],
  ["should", new RegExp(`^should ${person} `)],
  ["yes-no", /^(?:do|does) /],
  ["yes-no-past", /^did /],
];

// Words that can come and go without another answer: articles, relatives, and emphasis.
const idle = new Set(
  "a an the that ever really actually exactly truly very just also currently any own then kindly simply".split(
    " ",
  ),
);
// Prepositions that take each other's place; those of direction, order and exclusion never do.
const loosePrepositions = new Set("in on at of for about regarding concerning".split(" "));
// After these they are parts of the verb: what is turned on is not turned in.
const phrasalVerbs =
  /^(?:turn|switch|log|sign|put|take|get|go|come|give|hand|carry|set|pass|work|look|hold|keep|move|fill|check|call|bring|break|add|stand|stay|drop|opt|plug|lock|hang|run|live|act|back|try|cut|pay|let|write|send|throw)(?:s|ed|ing|ning|ting|ping)?$|^(?:took|taken|got|went|gone|came|gave|given|held|kept|brought|broke|stood|ran|paid|wrote|sent|threw)$/;
const particles = new Set(["in", "on"]);
const owners = new Set("my your our one's ones".split(" "));
const openers =
  /^(?:how|what|which|who|whom|whose|why|when|where|is|are|was|were|am|do|does|did|can|could|will|would|should|shall|may|might|must|has|have|had)\b/;

/** Words and signs as they count: numbers with their sign and point, `c++` and `c#` whole, every other mark gone. */
const token =
  /[-−+]?\d+(?:[.,:/]\d+)*%?|[\p{L}\p{M}]+(?:\+\+|[#°])?(?:[._/-][\p{L}\p{N}]+)*|[%$€£°+*/=<>^−∝~&@#]|\p{N}+/gu;

/** The form of a question, or `null` when the text is no question that can be compared (empty, or nothing but its frame). */
export function questionForm(question: string): QuestionForm | null {
  const plain = applied(lowered(question), [
    ...contractions,
    ...wrappings,
    ...equalTurns,
    ...turns,
    ...equalPhrases,
  ]);
  const found = frames.find(([, pattern]) => pattern.test(plain));
  const frame = found?.[0] ?? openers.exec(plain)?.[0] ?? "statement";
  const bare = found === undefined ? plain : plain.replace(found[1], "");
  const meaning = wordsIn(frame, frame === "how-to" ? equalAction(bare) : bare);
  if (meaning.length === 0) return null;
  if (frame === "statement") return { frame, text: `${frame}: ${meaning.join(" ")}` };
  const sides = symmetric.has(frame) ? inOrder(meaning) : meaning;
  return { frame, text: `${frame}: ${phrasesInOrder(sides.map(partOrWord)).join(" ")}` };
}

/** What is left of a question without its frame. */
function wordsIn(frame: string, rest: string): readonly string[] {
  const isIdle = (word: string): boolean =>
    idle.has(word) || (frame === "how-to" && (owners.has(word) || word === "some"));
  const words = (rest.match(token) ?? []).filter((word) => !isIdle(word));
  return frame === "what-mean" && words.at(-1) === "mean" ? words.slice(0, -1) : words;
}

const phraseStarts = new Set(
  "of to from by with without under over into onto through after before during since until via using against".split(
    " ",
  ),
);

/** What comes before the first preposition, then the phrases that prepositions begin, sorted: "to live in Rome" is "in Rome to live". */
function phrasesInOrder(words: readonly string[]): readonly string[] {
  const phrases: string[][] = [[]];
  for (const word of words) {
    if (phraseStarts.has(word)) phrases.push([word]);
    else phrases.at(-1)?.push(word);
  }
  const [head = "", ...rest] = phrases.map((phrase) => phrase.join(" "));
  return [head, ...rest.sort()].filter((phrase) => phrase !== "");
}

const symmetric = new Set(["what-difference", "which-better", "which-best"]);

/** Both sides of one "and" or "or" in alphabetical order: the difference between a and b is that between b and a. */
function inOrder(words: readonly string[]): readonly string[] {
  const link = words.includes("or") ? "or" : "and";
  const at = words.indexOf(link);
  if (at <= 0 || words.lastIndexOf(link) !== at) return words;
  const sides = [words.slice(0, at), words.slice(at + 1)].sort((one, other) =>
    one.join(" ") < other.join(" ") ? -1 : 1,
  );
  return [...(sides[0] ?? []), link, ...(sides[1] ?? [])];
}

/** Lower case, but for a lone capital inside: vitamin A is no article. */
const lowered = (question: string): string =>
  question
    .normalize("NFKC")
    .replace(/(?<![?!.\s])[?!.\s]+$/u, "")
    .replace(/\s+/gu, " ")
    .trim()
    .replace(/(?<=\p{Ll} )\p{Lu}(?= |$)/gu, "$&°")
    .toLowerCase()
    .replace(/\bi°/g, "i");

/** Whether a word belongs to a verb before it: directly behind it, or at the end of the question. */
export function isParticle(word: string, index: number, words: readonly string[]): boolean {
  if (!particles.has(word)) return false;
  const isVerb = (one: string | undefined): boolean => phrasalVerbs.test(one ?? "");
  return isVerb(words[index - 1]) || (index === words.length - 1 && words.some(isVerb));
}

const partOrWord = (word: string, index: number, words: readonly string[]): string =>
  isParticle(word, index, words) ? word : wordForm(word);

/** Plural and singular count alike, every other ending stays: tenses and derived words may ask for something else. */
function wordForm(word: string): string {
  if (loosePrepositions.has(word)) return "of"; // "at no time" is a statement's idiom: those are compared word for word
  if (word === "does") return "do";
  if (/\d|[^\p{L}\p{M}]/u.test(word)) return word.replace(/(\d),(?=\d{3}\b)/g, "$1");
  return singular(equalWord(word));
}

/** A word without its plural ending, as far as that ending tells; a final "e" goes too, so that both spellings meet. */
export function singular(word: string): string {
  if (word.length <= 3 || /(?:us|is|(?<!top)ics|ss|news|ities)$/.test(word)) return word;
  return word
    .replace(/ies?$|(?<=ss|x|ch|sh)es$|(?<=[^s])s$/, (ending) =>
      ending.startsWith("i") ? "y" : "",
    )
    .replace(/(?<=\p{L}{3})e$/u, "");
}

const applied = (text: string, rewrites: readonly Rewrite[]): string =>
  rewrites.reduce((changed, [pattern, by]) => changed.replace(pattern, by), text).trim();
