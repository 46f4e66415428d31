import type { EvidenceVerdict } from "../chat/events.ts";
import { contentStems } from "../chat/words.ts";
import {
  coverageOf,
  evidenceSentences,
  type EvidenceChunk,
  type EvidenceSentence,
  type WordWeights,
} from "./evidence-features.ts";
import {
  sentenceWeights,
  sufficiencyWeights,
  type SentenceWeights,
  type SufficiencyWeights,
} from "./evidence-weights.ts";

export type { EvidenceChunk, EvidenceSentence } from "./evidence-features.ts";

/** A preselection: the sentences worth embedding, best first by words alone. */
export interface EvidenceCandidates {
  readonly sentences: readonly EvidenceSentence[];
  readonly weights: WordWeights;
  readonly chunks: readonly EvidenceChunk[];
}

export interface ChosenEvidence {
  /** Best first, at most three, each from its own place. */
  readonly quotes: readonly EvidenceSentence[];
  readonly verdict: EvidenceVerdict;
  /** Probability that the documents answer the question, 0 to 1. */
  readonly sufficiency: number;
}

/** More than this in one embedding call would not be on screen in time. */
export const mostEmbeddedSentences = 8;
const mostQuotes = 3;
// A second quote has to come near the best one.
const quoteMargin = 1;

/** Picks the sentences of the chunks that may answer the question, by words, kind of answer and place. */
export function evidenceCandidates(
  question: string,
  chunks: readonly EvidenceChunk[],
): EvidenceCandidates {
  const { sentences, weights } = evidenceSentences(question, chunks);
  const ordered = sentences
    .map((sentence) => ({ sentence, score: scoreOf(sentence, null, sentenceWeights.lexical) }))
    .sort((one, other) => other.score - one.score)
    .slice(0, mostEmbeddedSentences)
    .map(({ sentence }) => sentence);
  return { sentences: ordered, weights, chunks };
}

/**
 * The quotes and whether they answer the question.
 * @param cosines of the question and each candidate; `null` when they could not be had in time: words decide then
 */
export function chooseEvidence(
  candidates: EvidenceCandidates,
  cosines: readonly number[] | null,
): ChosenEvidence {
  const weights = cosines === null ? sentenceWeights.lexical : sentenceWeights.withCosine;
  const ranked = candidates.sentences
    .map((sentence, index) => {
      const cosine = cosines?.[index] ?? null;
      return { sentence, cosine, score: scoreOf(sentence, cosine, weights) };
    })
    .sort((one, other) => other.score - one.score);
  const best = ranked[0];
  if (best === undefined) return { quotes: [], verdict: "related", sufficiency: 0 };
  const quotes = ranked
    .filter(({ score }) => score >= best.score - quoteMargin)
    .map(({ sentence }) => sentence)
    .filter(isFirstOfItsWords)
    .slice(0, mostQuotes);
  const sufficiency = sufficiencyOf(candidates, best.sentence, cosines);
  const { limit } = sufficiencyFor(candidates, cosines);
  return { quotes, verdict: sufficiency >= limit ? "answerable" : "related", sufficiency };
}

function scoreOf(
  sentence: EvidenceSentence,
  cosine: number | null,
  weights: SentenceWeights,
): number {
  return (
    weights.coverage * sentence.coverage +
    weights.contextCoverage * sentence.contextCoverage +
    weights.holdsType * sentence.holdsType +
    weights.earliness * sentence.earliness +
    weights.substance * sentence.substance +
    weights.chunkScore * sentence.chunkScore +
    weights.echo * sentence.echo +
    weights.cosine * (cosine ?? 0)
  );
}

function isFirstOfItsWords(
  sentence: EvidenceSentence,
  index: number,
  all: readonly EvidenceSentence[],
): boolean {
  const words = contentStems(sentence.text).join(" ");
  return all.findIndex((other) => contentStems(other.text).join(" ") === words) === index;
}

/** The measures that decide whether the question can be answered. */
export interface SufficiencyMeasures {
  readonly coverage: number;
  readonly contextCoverage: number;
  readonly chunkCoverage: number;
  readonly holdsType: number;
  readonly sentenceCosine: number;
  readonly chunkCosine: number;
}

export function sufficiencyMeasures(
  { chunks, weights, sentences }: EvidenceCandidates,
  best: EvidenceSentence,
  cosines: readonly number[] | null,
): SufficiencyMeasures {
  const chunk = chunks[best.chunkIndex];
  const around = [chunk?.documentTitle ?? "", ...(chunk?.headingPath ?? []), chunk?.text ?? ""];
  return {
    coverage: best.coverage,
    contextCoverage: best.contextCoverage,
    chunkCoverage: coverageOf(weights, new Set(contentStems(around.join("\n")))),
    holdsType: best.holdsType,
    sentenceCosine: cosines?.[sentences.indexOf(best)] ?? 0,
    chunkCosine: Math.max(...chunks.map((other) => other.cosine ?? 0), 0),
  };
}

const sufficiencyFor = (
  candidates: EvidenceCandidates,
  cosines: readonly number[] | null,
): SufficiencyWeights => {
  if (cosines !== null) return sufficiencyWeights.sentenceCosines;
  const knowsChunks = candidates.chunks.some((chunk) => chunk.cosine !== null);
  return knowsChunks ? sufficiencyWeights.chunkCosines : sufficiencyWeights.lexical;
};

function sufficiencyOf(
  candidates: EvidenceCandidates,
  best: EvidenceSentence,
  cosines: readonly number[] | null,
): number {
  const weights = sufficiencyFor(candidates, cosines);
  const measures = sufficiencyMeasures(candidates, best, cosines);
  const logit =
    weights.bias +
    weights.coverage * measures.coverage +
    weights.contextCoverage * measures.contextCoverage +
    weights.chunkCoverage * measures.chunkCoverage +
    weights.holdsType * measures.holdsType +
    weights.sentenceCosine * measures.sentenceCosine +
    weights.chunkCosine * measures.chunkCosine;
  return 1 / (1 + Math.exp(-logit));
}
