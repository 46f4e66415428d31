import type { EvidenceQuote, EvidenceVerdict } from "../core/chat/events.ts";
import { chooseEvidence, evidenceCandidates, type EvidenceSentence } from "../core/rag/evidence.ts";
import { cosineOf } from "../core/rag/cosine.ts";
import { milliseconds, type Milliseconds } from "../core/time/milliseconds.ts";
import type { LocalModels, ModelCall } from "../local-models.ts";
import type { RankedChunk } from "../ports/chunk-search.ts";
import type { Clock } from "../ports/clock.ts";

export interface AnswerEvidence {
  readonly quotes: readonly EvidenceQuote[];
  /** The best sentences, with their chunk, for the prompt. */
  readonly sentences: readonly EvidenceSentence[];
  readonly verdict: EvidenceVerdict;
}

export interface ChooseAnswerEvidenceDeps {
  readonly models: LocalModels;
  readonly clock: Clock;
}

// The quotes have to be on screen 300 ms after the question; what is not embedded in time is ordered by its words.
const evidenceBudgetMs = 270;
const mostEmbeddingMs = 120;
const leastEmbeddingMs = 40;

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
  const cosines = await sentenceCosines(
    deps,
    candidates.sentences.map((sentence) => sentence.text),
    found.vector,
    { ...call, deadline: soon(deps.clock, call, leftMs) },
  );
  const { quotes, verdict } = chooseEvidence(candidates, cosines);
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

const soon = (clock: Clock, call: ModelCall, leftMs: number): Milliseconds => {
  const withinMs = Math.min(mostEmbeddingMs, Math.max(leastEmbeddingMs, leftMs));
  return milliseconds(Math.min(call.deadline, clock.now() + withinMs));
};

/** `null` when the vectors cannot be had within the budget. */
async function sentenceCosines(
  { models }: ChooseAnswerEvidenceDeps,
  sentences: readonly string[],
  vector: readonly number[] | null,
  call: ModelCall,
): Promise<readonly number[] | null> {
  if (vector === null || sentences.length === 0) return null;
  try {
    const { vectors } = await models.embed(sentences, call);
    return vectors.map((sentenceVector) => cosineOf(vector, sentenceVector));
  } catch (error) {
    if (call.signal.aborted) throw error;
    return null;
  }
}
