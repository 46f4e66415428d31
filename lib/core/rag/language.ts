import { isStopWord } from "../chat/words.ts";

/** Short words that nearly every text of a language holds, named by Postgres's text-search configuration. */
const commonWords: Readonly<Record<string, string>> = {
  english: "the of and to in is that for it with as was on are by this be from or have",
  german: "der die und das von den mit ist des auf für im nicht ein eine als auch es an dem",
  french: "le la les des et est en que une du dans qui pour par sur au pas avec ce il",
  spanish: "de la que el en los se del las por un para con no una su al lo como más",
  italian: "di che la il un per non una è con del si da come le dei nel alla sono anche",
  portuguese: "de que não uma com para os no se na por mais as dos como mas foi ao ele das",
  dutch: "de het een van en in dat op te zijn met voor niet aan er om ook als dan bij",
  swedish: "och att det som en på är av för med den till inte har de ett om var jag från",
  danish: "og at det er en den til på de med han af for ikke der var mig sig men et",
  norwegian: "og i det er på en et som for at med av ikke til har de den om fra ble",
  finnish: "ja on ei se että oli hän mutta ovat kun niin tai joka kuin myös sen ole vain",
  hungarian: "a az és hogy nem egy is van volt ez meg csak azt már mint de még ki vagy",
  romanian: "și de în la cu pe un o care nu este din că pentru mai a fost sau să al",
  turkish: "ve bir bu da de için ile çok daha olarak gibi olan en ama ne var sonra kadar",
  catalan: "de la que el i en els les un per una amb no és del al com més dels són",
  indonesian: "yang dan di dengan untuk dari dalam ini itu pada tidak adalah akan ke juga oleh",
  lithuanian: "ir yra kad iš su buvo į tai kaip bet o ar nuo dėl per po jo prie",
  irish: "an na agus ar is le i sé tá go do ag bhí ó mar ní don leis seo sin",
  basque: "eta da ez du bat izan zen dute dira ere baina egin hau zuen horrek",
  russian: "и в не на что с по как из это к он но все она так его за был от",
};

const vocabularies = Object.entries(commonWords).map(
  ([language, words]) => [language, new Set(words.split(" "))] as const,
);

const sampleLength = 20_000;
const leastShare = 0.08;
/** English words stand in names, code and quotations of any text: another language needs more than a chance likeness. */
const leastDistinct = 4;
const ahead = 1.3;

/** How many of the words are common in the language, and how many different ones. */
function likeness(words: readonly string[], vocabulary: ReadonlySet<string>) {
  const common = words.filter((word) => vocabulary.has(word));
  return { share: common.length / Math.max(1, words.length), distinct: new Set(common).size };
}

/** Language of a text as a Postgres text-search configuration; `simple` when none of the known ones is likely. */
export function detectLanguage(text: string): string {
  const words =
    text
      .slice(0, sampleLength)
      .toLowerCase()
      .match(/\p{L}+/gu) ?? [];
  const scored = vocabularies.map(([language, vocabulary]) => ({
    language,
    ...likeness(words, vocabulary),
  }));
  const english = scored.find(({ language }) => language === "english")?.share ?? 0;
  const [best] = scored
    .filter(({ language, share, distinct }) => {
      if (language === "english") return share > leastShare;
      return distinct >= leastDistinct && share > Math.max(leastShare, english * ahead);
    })
    .toSorted((one, other) => other.share - one.share);
  return best?.language ?? "simple";
}

const scripts: readonly (readonly [string, RegExp])[] = [
  ["arabic", /\p{Script=Arabic}/gu],
  ["armenian", /\p{Script=Armenian}/gu],
  ["greek", /\p{Script=Greek}/gu],
  ["hindi", /\p{Script=Devanagari}/gu],
  ["tamil", /\p{Script=Tamil}/gu],
  ["russian", /\p{Script=Cyrillic}/gu],
  ["english", /\p{Script=Latin}/gu],
];

const countOf = (text: string, pattern: RegExp): number => text.match(pattern)?.length ?? 0;
const lettersOf = (text: string): number => countOf(text, /\p{L}/gu);
/** "10 µF", "1ª": signs of English texts as well. */
const latinSigns = /[µªº]/g;

/** Of all letters: names from elsewhere stay below it, Polish, Czech or Vietnamese prose is far above. Short texts may hold some. */
const mostMarkedShare = 0.02;
const someMarked = 3;

const holdsFew = (marked: number, text: string): boolean =>
  marked <= Math.max(someMarked, lettersOf(text) * mostMarkedShare);

/** Has it more than a few letters that are not Latin, as in a formula or a name? */
export const hasOtherLetters = (text: string): boolean =>
  !holdsFew(countOf(text.replace(latinSigns, ""), /(?!\p{Script=Latin})\p{L}/gu), text);

/**
 * The configuration that a document's words are stemmed with: its language, else the usual one of its script, else
 * `simple`. Code and tables hold few common words; in plain Latin letters they are read as English, whose stop words do no harm there.
 */
export function searchLanguageOf(text: string): string {
  const language = detectLanguage(text);
  if (language !== "simple") return language;
  const sample = text.slice(0, sampleLength);
  const letters = lettersOf(sample);
  const script = scripts.find(([, pattern]) => countOf(sample, pattern) * 2 > letters);
  if (script?.[0] !== "english") return script?.[0] ?? "simple";
  const accented = countOf(sample.replace(latinSigns, ""), /(?![a-z])\p{Script=Latin}/giu);
  return holdsFew(accented, sample) ? "english" : "simple";
}

/** Is it English, or code or a table in plain Latin letters? Of a text too short to tell, whatever its letters allow. */
export function isEnglish(text: string): boolean {
  const language = detectLanguage(text);
  if (language !== "simple") return language === "english";
  if (!/\p{L}/u.test(text)) return true;
  const sample = text.slice(0, sampleLength);
  return searchLanguageOf(text) === "english" && !hasOtherLetters(sample);
}

// What Postgres's English configuration leaves out.
const englishStopWords = new Set(
  "i me my myself we our ours ourselves you your yours yourself yourselves he him his himself she her hers herself it its itself they them their theirs themselves what which who whom this that these those am is are was were be been being have has had having do does did doing a an the and but if or because as until while of at by for with about against between into through during before after above below to from up down in out on off over under again further then once here there when where why how all any both each few more most other some such no nor not only own same so than too very s t can will just don should now".split(
    " ",
  ),
);

/** Other languages have one or two of these too. */
const tellingWords = 3;

/** Says a question by its own words that it is English? Most of them are too short to. */
export function isSurelyEnglish(question: string): boolean {
  const words = question.toLowerCase().match(/\p{L}+/gu) ?? [];
  return new Set(words.filter((word) => englishStopWords.has(word))).size >= tellingWords;
}

/** "For example" and "that is" written short: Postgres reads each as a name, and as a rare one (CISI .396 to .415). */
const shortConnective =
  /(?<![\p{L}\p{N}.])(?:[Ee]\.\s?g|[Ii]\.\s?e|[Zz]\.\s?B|[Dd]\.\s?h|[Uu]\.\s?a)\.(?![\p{L}\p{N}])/gu;

/** A word, or letters with dots between them, which are one: of "U.S." no "s" is left out. */
const wordOrInitials = /(?<![\p{L}\p{M}])\p{L}(?:\.\p{L})+(?![\p{L}\p{M}])|[\p{L}\p{M}]+/gu;

/**
 * A question without the most common words of its own language (in English also "may", "use", "within": CISI .383 to .387,
 * hotpotqa-small .807 to .810): documents in another one hold them rarely, so that there they would
 * count as rare words. All of them where nothing else is left.
 */
export function withoutCommonWords(question: string): string {
  const language = detectLanguage(question);
  const common = vocabularies.find(([name]) => name === language)?.[1];
  const asked = language === "english" ? englishStopWords : common;
  const first = question.search(/[\p{L}\p{M}]/u);
  const isCommon = (word: string, at: number): boolean =>
    asked?.has(word.toLowerCase()) === true ||
    // "US" and "May" are no common words: a capital says so, except at the start.
    (language === "english" &&
      isStopWord(word.toLowerCase()) &&
      (at === first ? word.slice(1) === word.slice(1).toLowerCase() : word === word.toLowerCase()));
  const rest = question
    .replace(shortConnective, (connective) => " ".repeat(connective.length))
    .replace(wordOrInitials, (word, at: number) => (isCommon(word, at) ? " " : word));
  return /[\p{L}\p{N}]/u.test(rest) ? rest : question;
}
