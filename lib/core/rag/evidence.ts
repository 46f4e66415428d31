import type { EvidenceVerdict } from "../chat/events.ts";
import { speaksToModel } from "./injection-signs.ts";
import { contentStems } from "../chat/words.ts";
import {
  evidenceSentences,
  type EvidenceChunk,
  type EvidenceSentence,
} from "./evidence-features.ts";
import { subjectCoverage, sufficiency, sufficiencyMeasures } from "./evidence-sufficiency.ts";
import { sentenceWeights, sufficiencyLimit, type SentenceWeights } from "./evidence-weights.ts";

export type { EvidenceChunk, EvidenceSentence } from "./evidence-features.ts";

/** A preselection: the sentences worth embedding, best first by words alone. */
export interface EvidenceCandidates {
  /** With what was carried over to it. */
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
// How near the best score the first, second and third quote must come. On QED the supporting sentence is among the first two in .865
// (with a margin of 1: .823; without any: .866), at 2.2 quotes on average.
const quoteMargins = [0, 3, 1];
// Of the question's words in the best quote's passage, by weight: what a further quote from another document must reach.
const foreignShare = 0.9;
const noMargin = Number.NEGATIVE_INFINITY;

/**
 * Picks the sentences of the chunks that may answer the question, by words, kind of answer and place.
 * @param carried what a follow-up needs of the turns before it
 */
export function evidenceCandidates(
  question: string,
  chunks: readonly EvidenceChunk[],
  carried = "",
): EvidenceCandidates {
  const all = evidenceSentences(question, chunks, carried);
  const sentences = all.filter(({ text }) => !speaksToModel(text));
  const ordered = sentences
    .map((sentence) => ({ sentence, score: scoreOf(sentence, null, sentenceWeights.lexical) }))
    .sort((one, other) => other.score - one.score)
    .slice(0, mostEmbeddedSentences)
    .map(({ sentence }) => sentence);
  return { question: `${carried} ${question}`.trim(), sentences: ordered, chunks };
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
  const nearness = cosines === null ? null : nearnessOf(candidates.sentences, cosines);
  const ranked = candidates.sentences
    .map((sentence, index) => {
      const score = scoreOf(sentence, nearness?.[index] ?? null, weights);
      return { sentence, cosine: cosines?.[index] ?? null, score };
    })
    .sort((one, other) => other.score - one.score);
  const best = ranked[0];
  if (best === undefined) return { quotes: [], verdict: "related", sufficiency: 0 };
  const speaks = sameSubject(candidates, best.sentence);
  const quotes = ranked
    .filter(isFirstOfItsWords)
    .filter(({ sentence }) => speaks(sentence))
    .filter(({ score }, place) => score >= best.score - (quoteMargins[place] ?? noMargin))
    .map(({ sentence }) => sentence);
  const { question, chunks } = candidates;
  const probability = sufficiency(
    sufficiencyMeasures(question, chunks, best.sentence, best.cosine, cosines),
  );
  const verdict = probability >= sufficiencyLimit ? "answerable" : "related";
  return { quotes, verdict, sufficiency: probability };
}

/** Nearness of the question to a sentence and to those beside it. */
interface Nearness {
  readonly own: number;
  readonly before: number;
  readonly after: number;
}

/** A neighbour that was not scored counts as the mean of those that were: it tells nothing. */
function nearnessOf(
  sentences: readonly EvidenceSentence[],
  cosines: readonly number[],
): readonly Nearness[] {
  const mean = cosines.reduce((sum, cosine) => sum + cosine, 0) / Math.max(cosines.length, 1);
  return sentences.map(({ chunkIndex, place }, at) => {
    const beside = (wanted: number): number => {
      const other = sentences.findIndex(
        (each) => each.chunkIndex === chunkIndex && each.place === wanted,
      );
      return cosines[other] ?? mean;
    };
    return { own: cosines[at] ?? mean, before: beside(place - 1), after: beside(place + 1) };
  });
}

const measured = [
  "contextCoverage",
  "beyondTitle",
  "beyondBefore",
  "holdsType",
  "holdsNewType",
  "earliness",
  "length",
  "chunkScore",
] as const;

function scoreOf(
  sentence: EvidenceSentence,
  nearness: Nearness | null,
  weights: SentenceWeights,
): number {
  const byWords = measured.reduce((sum, name) => sum + weights[name] * sentence[name], 0);
  if (nearness === null) return byWords;
  const { own, before, after } = nearness;
  return (
    byWords + weights.cosine * own + weights.cosineBefore * before + weights.cosineAfter * after
  );
}

/**
 * Whether a further quote speaks of what the best one speaks of. In the same document it does; another document's passage (title
 * and headings included) must hold the question's words as well as the best quote's does, its names and numbers above all.
 */
function sameSubject(
  { question, chunks }: EvidenceCandidates,
  best: EvidenceSentence,
): (sentence: EvidenceSentence) => boolean {
  const of = (sentence: EvidenceSentence) => subjectCoverage(question, chunks[sentence.chunkIndex]);
  const title = chunks[best.chunkIndex]?.documentTitle;
  const { names, words } = of(best);
  return (sentence) => {
    if (chunks[sentence.chunkIndex]?.documentTitle === title) return true;
    const other = of(sentence);
    return other.names >= names && other.words >= words * foreignShare;
  };
}

interface Ranked {
  readonly sentence: EvidenceSentence;
}

function isFirstOfItsWords({ sentence }: Ranked, place: number, all: readonly Ranked[]): boolean {
  const words = contentStems(sentence.text).join(" ");
  return all.findIndex((other) => contentStems(other.sentence.text).join(" ") === words) === place;
}
