import type { EvidenceVerdict } from "../chat/events.ts";
import { contentStems } from "../chat/words.ts";
import {
  evidenceSentences,
  type EvidenceChunk,
  type EvidenceSentence,
} from "./evidence-features.ts";
import { sufficiency, sufficiencyMeasures } from "./evidence-sufficiency.ts";
import { sentenceWeights, sufficiencyLimit, type SentenceWeights } from "./evidence-weights.ts";

export type { EvidenceChunk, EvidenceSentence } from "./evidence-features.ts";

/** A preselection: the sentences worth embedding, best first by words alone. */
export interface EvidenceCandidates {
  readonly question: string;
  readonly sentences: readonly EvidenceSentence[];
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
  const sentences = evidenceSentences(question, chunks);
  const ordered = sentences
    .map((sentence) => ({ sentence, score: scoreOf(sentence, null, sentenceWeights.lexical) }))
    .sort((one, other) => other.score - one.score)
    .slice(0, mostEmbeddedSentences)
    .map(({ sentence }) => sentence);
  return { question, sentences: ordered, chunks };
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
  const { question, chunks } = candidates;
  const probability = sufficiency(
    sufficiencyMeasures(question, chunks, best.sentence, best.cosine),
  );
  const verdict = probability >= sufficiencyLimit ? "answerable" : "related";
  return { quotes, verdict, sufficiency: probability };
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
