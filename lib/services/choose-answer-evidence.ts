import type { EvidenceQuote, EvidenceVerdict } from "../core/chat/events.ts";
import { chooseEvidence, evidenceCandidates, type EvidenceSentence } from "../core/rag/evidence.ts";
import { withoutSpeech } from "../core/rag/injection-signs.ts";
import type { ModelCall } from "../core/scheduling/work.ts";
import type { Milliseconds } from "../core/time/milliseconds.ts";
import type { RankedChunk } from "../ports/chunk-search.ts";
import type { Clock } from "../ports/clock.ts";
import type { TextScorer } from "../ports/text-scorer.ts";

export interface AnswerEvidence {
  readonly quotes: readonly EvidenceQuote[];
  /** The best sentences, with their chunk, for the prompt. */
  readonly sentences: readonly EvidenceSentence[];
  readonly verdict: EvidenceVerdict;
}

export interface ChooseAnswerEvidenceDeps {
  readonly scorer: TextScorer;
  readonly clock: Clock;
}

// The quotes have to be on screen 300 ms after Enter; about 90 ms of it go to the browser and to storing the question. Sentences that
// would not be embedded in time are not sent at all: a call that is given up costs its time and brings nothing.
const evidenceBudgetMs = 200;
const mostEmbeddingMs = 90;

/** A turn as it was typed, with what it needs of those before it. */
interface EvidenceQuestion {
  readonly text: string;
  readonly carried?: string | undefined;
}

/**
 * Quotes from the chunks, best first; `citation` is the chunk's place in the list, from 1.
 * @param askedAt when the question came: what retrieval took leaves less for embedding sentences
 */
export async function chooseAnswerEvidence(
  deps: ChooseAnswerEvidenceDeps,
  { text, carried = "" }: EvidenceQuestion,
  found: {
    readonly chunks: readonly RankedChunk[];
    readonly vector: readonly number[] | null;
  },
  call: ModelCall,
  askedAt: Milliseconds,
): Promise<AnswerEvidence> {
  // Where nearness says nothing, words decide.
  const isNear = deps.scorer.understands([text, found.chunks[0]?.text ?? ""]);
  const chunks = found.chunks.map((chunk) => ({
    ...chunk,
    text: withoutSpeech(chunk.text),
    ...(isNear ? {} : { cosine: null }),
  }));
  const candidates = evidenceCandidates(text, chunks, carried);
  const leftMs = evidenceBudgetMs - (deps.clock.now() - askedAt);
  const nearness =
    found.vector === null || !isNear
      ? null
      : await deps.scorer.score(
          {
            text: candidates.question,
            vector: found.vector,
            ...(carried === "" ? {} : { stressed: text }),
            candidates: candidates.sentences.map((sentence) => sentence.text),
            withinMs: Math.min(leftMs, mostEmbeddingMs),
          },
          call,
        );
  const scored =
    nearness === null
      ? candidates
      : { ...candidates, sentences: candidates.sentences.slice(0, nearness.length) };
  const { quotes, verdict } = chooseEvidence(scored, nearness);
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
