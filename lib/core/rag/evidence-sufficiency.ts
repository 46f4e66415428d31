import { contentStems } from "../chat/words.ts";
import type { EvidenceChunk, EvidenceSentence } from "./evidence-features.ts";
import { exactPhrases } from "./exact-phrases.ts";
import { sufficiencyWeights, type SufficiencyWeights } from "./evidence-weights.ts";

/** What decides whether a question can be answered from what was found; each 0 to 1. */
export interface SufficiencyMeasures {
  /** Weighted share of the question's content words in the best quote. */
  readonly quoteCoverage: number;
  /** The same in its whole chunk, headings and title included. */
  readonly passageCoverage: number;
  /** The question's words in the quote, the sentence before it, title and headings; rare ones among the sentences count most. */
  readonly contextCoverage: number;
  /** Share of the question's names and numbers in the chunk; 1 when it has none. */
  readonly nameCoverage: number;
  /** 1 when the question has no name and no number to find again. */
  readonly namesNothing: number;
  /** Share of the question's identifiers (`on_add`, MergeScheduler) in the first chunks, as they are written; 0 when it has none. */
  readonly identifiersFound: number;
  /** 1 when the question says a number. */
  readonly saysNumber: number;
  /** How many other chunks the best one was chosen from, 1 for seven and more: how near a passage is that stands alone says less. */
  readonly competition: number;
  readonly holdsType: number;
  /** Cosine of question and quote; `null` when it could not be had. */
  readonly quoteCosine: number | null;
  /** By how much the nearest sentence is nearer than the third; 0 when that could not be had. */
  readonly standsOut: number;
  /** Highest cosine of question and chunk; `null` when only words were searched. */
  readonly passageCosine: number | null;
}

export function sufficiencyMeasures(
  question: string,
  chunks: readonly EvidenceChunk[],
  quote: EvidenceSentence,
  quoteCosine: number | null,
  sentenceCosines: readonly number[] | null,
): SufficiencyMeasures {
  const { words, names } = subjectCoverage(question, chunks[quote.chunkIndex]);
  const cosines = chunks.flatMap((other) => (other.cosine === null ? [] : [other.cosine]));
  return {
    quoteCoverage: weightedCoverage(question, quote.text),
    passageCoverage: words,
    contextCoverage: quote.contextCoverage,
    nameCoverage: names,
    namesNothing: namesIn(question).length === 0 ? 1 : 0,
    identifiersFound: identifiersFound(question, chunks),
    saysNumber: /\d/.test(question) ? 1 : 0,
    competition: Math.min((chunks.length - 1) / manyOthers, 1),
    holdsType: quote.holdsType,
    quoteCosine,
    standsOut: leadOf(sentenceCosines ?? []),
    passageCosine: cosines.length === 0 ? null : Math.max(...cosines),
  };
}

const manyOthers = 7;
const chunksOfIdentifiers = 3;

/** Code and its questions share few words; that a name made for one thing stands there word for word says what those cannot. */
function identifiersFound(question: string, chunks: readonly EvidenceChunk[]): number {
  const { identifiers } = exactPhrases(question);
  if (identifiers.length === 0) return 0;
  const texts = chunks
    .slice(0, chunksOfIdentifiers)
    .map(({ text, documentTitle }) => `${documentTitle}\n${text}`.toLowerCase());
  const found = identifiers.filter((each) =>
    texts.some((text) => text.includes(each.toLowerCase())),
  );
  return found.length / identifiers.length;
}

/** The first over the third of the values, or over the last where there are fewer. */
function leadOf(values: readonly number[]): number {
  const [first = 0, ...others] = [...values].sort((one, other) => other - one);
  return first - (others[1] ?? others.at(-1) ?? first);
}

/** Shares of the question's content words, by weight, and of its names and numbers that a passage holds, title and headings included. */
export function subjectCoverage(
  question: string,
  chunk: EvidenceChunk | undefined,
): { readonly words: number; readonly names: number } {
  const passage = [chunk?.documentTitle, ...(chunk?.headingPath ?? []), chunk?.text].join("\n");
  return { words: weightedCoverage(question, passage), names: nameCoverage(question, passage) };
}

/** Probability that the question is answered by what was found, 0 to 1. */
export function sufficiency(measures: SufficiencyMeasures): number {
  const weights = weightsFor(measures);
  const logit =
    weights.bias +
    weights.quoteCoverage * measures.quoteCoverage +
    weights.contextCoverage * measures.contextCoverage +
    weights.passageCoverage * measures.passageCoverage +
    weights.nameCoverage * measures.nameCoverage +
    weights.namesNothing * measures.namesNothing +
    weights.identifiersFound * measures.identifiersFound +
    weights.saysNumber * measures.saysNumber +
    weights.competition * measures.competition +
    weights.holdsType * measures.holdsType +
    weights.quoteCosine * (measures.quoteCosine ?? 0) +
    weights.standsOut * measures.standsOut +
    weights.passageCosine * (measures.passageCosine ?? 0);
  return 1 / (1 + Math.exp(-logit));
}

function weightsFor({ quoteCosine, passageCosine }: SufficiencyMeasures): SufficiencyWeights {
  if (passageCosine === null) return sufficiencyWeights.lexical;
  return quoteCosine === null
    ? sufficiencyWeights.chunkCosines
    : sufficiencyWeights.sentenceCosines;
}

// Words that say what kind of answer is wanted; passages that hold the answer often lack them.
const askingStems = new Set(
  contentStems(
    "name names kind type sort called call term word example following main purpose reason happen occur give list describe explain mean know number amount percentage percent year date day month century decade person man woman people country city place state thing way part role known considered used use many much long far first last new old good great make made take get go come work find found need want see say said tell think become became different important general common usually often around along",
  ),
);
const askingWeight = 0.35;
const numberWeight = 1.3;
const mostWeight = 1.4;

// Long words are rare ones: a stand-in for frequencies, which differ from corpus to corpus.
const wordWeight = (stem: string): number => {
  if (askingStems.has(stem)) return askingWeight;
  return /\d/.test(stem) ? numberWeight : Math.min(mostWeight, 0.6 + stem.length / 10);
};

function weightedCoverage(question: string, text: string): number {
  const inText = new Set(contentStems(text));
  let whole = 0;
  let found = 0;
  for (const stem of new Set(contentStems(question))) {
    const weight = wordWeight(stem);
    whole += weight;
    if (inText.has(stem)) found += weight;
  }
  return whole === 0 ? 0 : found / whole;
}

const namesIn = (question: string): readonly string[] =>
  question.match(/(?<=\s)\p{Lu}\p{L}+|\d+/gu) ?? [];

function nameCoverage(question: string, passage: string): number {
  const names = namesIn(question);
  if (names.length === 0) return 1;
  const lower = passage.toLowerCase();
  return names.filter((name) => lower.includes(name.toLowerCase())).length / names.length;
}
