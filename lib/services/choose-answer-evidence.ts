import type { EvidenceQuote, EvidenceVerdict } from "../core/chat/events.ts";
import { chooseEvidence, evidenceCandidates, type EvidenceSentence } from "../core/rag/evidence.ts";
import { cosineOf } from "../core/rag/cosine.ts";
import { estimatedTokens } from "../core/rag/prompt-tokens.ts";
import { milliseconds, type Milliseconds } from "../core/time/milliseconds.ts";
import type { LocalModels, ModelCall } from "../local-models.ts";
import type { RankedChunk } from "../ports/chunk-search.ts";
import type { Clock } from "../ports/clock.ts";
import type { SentencePace } from "./sentence-pace.ts";

export interface AnswerEvidence {
  readonly quotes: readonly EvidenceQuote[];
  /** The best sentences, with their chunk, for the prompt. */
  readonly sentences: readonly EvidenceSentence[];
  readonly verdict: EvidenceVerdict;
}

export interface ChooseAnswerEvidenceDeps {
  readonly models: LocalModels;
  readonly clock: Clock;
  /** Without one every candidate is embedded, however long that takes. */
  readonly pace?: SentencePace;
}

// The quotes have to be on screen 300 ms after Enter; about 90 ms of it go to the browser and to storing the question. Sentences that
// would not be embedded in time are not sent at all: a call that is given up costs its time and brings nothing.
const evidenceBudgetMs = 200;
const mostEmbeddingMs = 90;
/** A little late is still better than in vain. */
const latenessFactor = 1.4;
/** Fewer do not tell more than their words do. */
const leastSentences = 3;

/**
 * Quotes from the chunks, best first; `citation` is the chunk's place in the list, from 1.
 * @param askedAt when the question came: what retrieval took leaves less for embedding sentences
 */
export async function chooseAnswerEvidence(
  deps: ChooseAnswerEvidenceDeps,
  question: string,
  found: {
    readonly chunks: readonly RankedChunk[];
    readonly vector: readonly number[] | null;
  },
  call: ModelCall,
  askedAt: Milliseconds,
): Promise<AnswerEvidence> {
  const candidates = evidenceCandidates(question, found.chunks);
  const leftMs = evidenceBudgetMs - (deps.clock.now() - askedAt);
  const withinMs = Math.min(leftMs, mostEmbeddingMs);
  const sentences = sentencesInTime(deps, candidates.sentences, withinMs);
  const cosines = await sentenceCosines(deps, sentences, found.vector, call, withinMs);
  const { quotes, verdict } = chooseEvidence(
    cosines === null ? candidates : { ...candidates, sentences },
    cosines,
  );
  return {
    sentences: quotes,
    verdict,
    quotes: quotes.map((sentence) => {
      const chunkStart = found.chunks[sentence.chunkIndex]?.charStart ?? 0;
      return {
        citation: sentence.chunkIndex + 1,
        text: sentence.text,
        charStart: chunkStart + sentence.start,
        charEnd: chunkStart + sentence.end,
      };
    }),
  };
}

/** The best of them by words, as many as can be embedded within `withinMs`; none when that is too few to tell anything. */
function sentencesInTime(
  { pace }: ChooseAnswerEvidenceDeps,
  candidates: readonly EvidenceSentence[],
  withinMs: number,
): readonly EvidenceSentence[] {
  if (pace === undefined) return candidates;
  const fitting = pace.fitting(
    candidates.map(({ text }) => estimatedTokens(text)),
    withinMs,
  );
  if (fitting >= Math.min(leastSentences, candidates.length)) return candidates.slice(0, fitting);
  pace.skipped();
  return [];
}

/** `null` when the vectors cannot be had within the budget. */
async function sentenceCosines(
  { clock, models, pace }: ChooseAnswerEvidenceDeps,
  sentences: readonly EvidenceSentence[],
  vector: readonly number[] | null,
  call: ModelCall,
  withinMs: number,
): Promise<readonly number[] | null> {
  if (vector === null || sentences.length === 0) return null;
  const startedAt = clock.now();
  const tokens = sentences.reduce((sum, { text }) => sum + estimatedTokens(text), 0);
  const deadline =
    pace === undefined
      ? call.deadline
      : milliseconds(Math.min(call.deadline, startedAt + withinMs * latenessFactor));
  try {
    const { vectors } = await models.embed(
      sentences.map(({ text }) => text),
      { ...call, deadline },
    );
    pace?.took(tokens, clock.now() - startedAt);
    return vectors.map((sentenceVector) => cosineOf(vector, sentenceVector));
  } catch (error) {
    if (call.signal.aborted) throw error;
    pace?.missed(tokens, clock.now() - startedAt);
    return null;
  }
}
