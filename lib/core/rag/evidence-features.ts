import {
  answerTypeOf,
  holdsAnswerType,
  holdsLabelOf,
  type AnswerType,
} from "../chat/answer-type.ts";
import { contentStems, wordsOf } from "../chat/words.ts";
import { splitSentences } from "./sentences.ts";
import { isTitleLine, opensAsTitle } from "./title-line.ts";

/** What evidence needs to know of a retrieved chunk. */
export interface EvidenceChunk {
  readonly documentTitle: string;
  readonly headingPath: readonly string[];
  readonly text: string;
  /** Cosine of question and chunk; `null` when no vector was asked with. */
  readonly cosine: number | null;
  /** Fused retrieval score, 0 to 1. */
  readonly score: number;
}

/** A sentence of a chunk; `start` and `end` are offsets in the chunk's text. All measures lie between 0 and 1. */
export interface EvidenceSentence {
  readonly chunkIndex: number;
  /** Number of the sentence in its chunk, from 0. */
  readonly place: number;
  readonly start: number;
  readonly end: number;
  readonly text: string;
  /** Weighted share of the question's content words in the sentence, the one before it, the headings and the title. */
  readonly contextCoverage: number;
  /** Coverage of those words of the question that the title, which all of a document's sentences share, does not hold. */
  readonly beyondTitle: number;
  /** The same of the sentence before it; 0 where there is none. */
  readonly beyondBefore: number;
  /** 1 when the sentence holds the kind of thing that is asked for; also when nothing particular is. */
  readonly holdsType: number;
  /** 1 when it holds one that the question does not name itself. */
  readonly holdsNewType: number;
  /** 1 for the chunk's first sentence, falling with its place. */
  readonly earliness: number;
  /** 0 for fragments, 1 from 40 content words. */
  readonly length: number;
  /** Fused score of its chunk against the best one. */
  readonly chunkScore: number;
}

interface ReadSentence {
  readonly chunkIndex: number;
  readonly place: number;
  readonly start: number;
  readonly end: number;
  readonly text: string;
  readonly stems: ReadonlySet<string>;
  readonly title: ReadonlySet<string>;
  readonly context: ReadonlySet<string>;
}

/** How much each content word of the question counts: words that few of the sentences hold count most. */
type WordWeights = ReadonlyMap<string, number>;

const fullLengthWords = 40;

/**
 * Every sentence of the chunks with its measures, in the order of the text. Titles are none: they name what is answered elsewhere.
 * @param carried what a follow-up needs of the turns before it: what its passages speak of, less than what is asked of them
 */
export function evidenceSentences(
  question: string,
  chunks: readonly EvidenceChunk[],
  carried = "",
): readonly EvidenceSentence[] {
  const type = askedType(question, carried);
  const read = chunks.flatMap(readChunk).map((sentence) => withLabel(sentence, type));
  const weights = wordWeights({ question, carried }, read);
  const bestScore = Math.max(...chunks.map((chunk) => chunk.score), Number.EPSILON);
  const opens = ({ place, text, end, chunkIndex }: ReadSentence): boolean =>
    place === 0 && opensAsTitle(text, chunks[chunkIndex]?.text.slice(end) ?? "");
  const proper = read.filter((sentence) => !isTitleLine(sentence.text) && !opens(sentence));
  const kept = proper.length > 0 ? proper : read;
  return kept.map((sentence, at) => {
    const before = kept[at - 1];
    const isBeside = before?.chunkIndex === sentence.chunkIndex;
    return {
      ...measure(sentence, weights, { question: `${carried} ${question}`, type }),
      beyondBefore: isBeside ? beyondTitle(weights, before) : 0,
      chunkScore: (chunks[sentence.chunkIndex]?.score ?? 0) / bestScore,
    };
  });
}

function readChunk(chunk: EvidenceChunk, chunkIndex: number): readonly ReadSentence[] {
  const title = new Set(contentStems(chunk.documentTitle));
  const headings = contentStems(chunk.headingPath.join(" "));
  let before: readonly string[] = [];
  return splitSentences(chunk.text).map(({ start, end }, place) => {
    const text = chunk.text.slice(start, end);
    const stems = contentStems(text);
    const context = new Set([...stems, ...title, ...headings, ...before]);
    before = stems;
    return { chunkIndex, place, start, end, text, stems: new Set(stems), title, context };
  });
}

/** Stands for a label that says what is asked for; no word has this form. */
const labelStem = "label:";

/**
 * Counts such a label as one more word of the question that the sentence holds beyond its title. It tells sentences apart; whether the
 * question is answered is not for labels to say, which many a passage has.
 */
const withLabel = (sentence: ReadSentence, type: AnswerType): ReadSentence =>
  holdsLabelOf(sentence.text, type)
    ? { ...sentence, stems: new Set([...sentence.stems, labelStem]) }
    : sentence;

interface AskedWords {
  readonly question: string;
  readonly carried: string;
}

/** A follow-up that asks for nothing particular (“And the other one?”) asks for what the turn before it asked for. */
function askedType(question: string, carried: string): AnswerType {
  const own = answerTypeOf(question);
  return own === "any" ? answerTypeOf(carried) : own;
}

/**
 * Of the words that a follow-up needs of the turns before it.
 * @see docs/decisions/2026-11-27-a-follow-up-is-asked-by-its-own-words.md
 */
const carriedFactor = 0.1;

function wordWeights(
  { question, carried }: AskedWords,
  sentences: readonly ReadSentence[],
): WordWeights {
  const weights = new Map<string, number>();
  const own = new Set(contentStems(question));
  // Where no label says it, nothing is missing.
  if (sentences.some(({ stems }) => stems.has(labelStem))) own.add(labelStem);
  for (const stem of [...contentStems(carried), ...own]) {
    const holding = sentences.filter((sentence) => sentence.stems.has(stem)).length;
    const weight = Math.log((sentences.length + 2) / (holding + 1)) + 0.2;
    weights.set(stem, own.has(stem) ? weight : weight * carriedFactor);
  }
  return weights;
}

/** Weighted share of the question's words found in `stems`, 0 to 1; 0 for a question without content words. */
function coverageOf(weights: WordWeights, stems: ReadonlySet<string>): number {
  let found = 0;
  let whole = 0;
  for (const [stem, weight] of weights) {
    whole += weight;
    if (stems.has(stem)) found += weight;
  }
  return whole === 0 ? 0 : found / whole;
}

const without = (left: string, weights: WordWeights): WordWeights =>
  new Map([...weights].filter(([stem]) => stem !== left));

// Not beyond the headings: under one that says what is asked, the answer would count less than what other sections say in passing.
function beyondTitle(weights: WordWeights, { stems, title }: ReadSentence): number {
  return coverageOf(new Map([...weights].filter(([stem]) => !title.has(stem))), stems);
}

function measure(
  sentence: ReadSentence,
  weights: WordWeights,
  { question, type }: { readonly question: string; readonly type: AnswerType },
): Omit<EvidenceSentence, "beyondBefore" | "chunkScore"> {
  const { chunkIndex, place, start, end, text, stems, context } = sentence;
  return {
    chunkIndex,
    place,
    start,
    end,
    text,
    contextCoverage: coverageOf(without(labelStem, weights), context),
    beyondTitle: beyondTitle(weights, sentence),
    holdsType: holdsAnswerType(text, type) ? 1 : 0,
    holdsNewType: holdsAnswerType(withoutWordsOf(question, text), type) ? 1 : 0,
    earliness: 1 / (1 + place),
    length: Math.min(stems.size / fullLengthWords, 1),
  };
}

/** The text without the question's own words, whatever their case. */
function withoutWordsOf(question: string, text: string): string {
  const asked = new Set(wordsOf(question));
  return text
    .split(/\s+/)
    .filter((word) => !asked.has(word.toLowerCase().replace(/[^\p{L}\p{N}]/gu, "")))
    .join(" ");
}
