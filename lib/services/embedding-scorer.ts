import { cosineOf } from "../core/rag/cosine.ts";
import { knowsEnglishOnly, understands } from "../core/rag/embedder-languages.ts";
import { firstTokens } from "../core/rag/embedding-tokens.ts";
import { estimatedTokens } from "../core/rag/prompt-tokens.ts";
import { milliseconds } from "../core/time/milliseconds.ts";
import type { LocalModels, ModelCall } from "../local-models.ts";
import type { Clock } from "../ports/clock.ts";
import { mostScoredTexts, type ScoringRequest, type TextScorer } from "../ports/text-scorer.ts";
import type { SentencePace } from "./sentence-pace.ts";

export interface EmbeddingScorerDeps {
  readonly models: Pick<LocalModels, "embed" | "embedModel">;
  readonly clock: Clock;
  /** Without one every candidate is embedded, however long that takes. */
  readonly pace?: SentencePace;
}

/** An embedder refuses what is longer than its window (256 for MiniLM); a sentence that long has said what it is about by then. */
const mostTokens = 210;
/** A little late is still better than in vain. */
const latenessFactor = 1.4;
/** Fewer do not tell more than their words do. */
const leastTexts = 3;

/** What judges evidence, in words for admins. */
export function scorerDescription(embedModel: string): string {
  const always = `shared words, kind of answer and place, with the vectors of ${embedModel}`;
  return knowsEnglishOnly(embedModel)
    ? `${always}, which learnt English only: texts in other languages are judged by their words`
    : always;
}

/** The scorer of every installation: cosines of the embedder that searches, beside the words that its callers count themselves. */
export function createEmbeddingScorer(deps: EmbeddingScorerDeps): TextScorer {
  return {
    understands: (texts) => understands(deps.models.embedModel, texts),
    async score(request, call) {
      const candidates = inTime(deps, request);
      if (candidates.length === 0) return null;
      const texts = [...unknown(request), ...candidates].map((text) =>
        firstTokens(text, mostTokens),
      );
      const vectors = await vectorsOf(deps, texts, request.withinMs, call);
      if (vectors === null) return null;
      const others = vectors.slice(-candidates.length);
      const asked = vectors.slice(0, -candidates.length);
      const own = sumOfDirections(request.vector === null ? asked : [request.vector, ...asked]);
      return others.map((other) => cosineOf(own, other));
    },
  };
}

/** What has no vector yet, beside the candidates. */
const unknown = ({ text, vector, stressed }: ScoringRequest): readonly string[] => [
  ...(vector === null ? [text] : []),
  ...(stressed === undefined ? [] : [stressed]),
];

const normalised = (vector: readonly number[]): readonly number[] => {
  const length = Math.hypot(...vector) || 1;
  return vector.map((value) => value / length);
};

/** Of length 1; each counts the same, whatever its own length. */
function sumOfDirections(vectors: readonly (readonly number[])[]): readonly number[] {
  const [first = [], ...others] = vectors.map(normalised);
  if (others.length === 0) return vectors[0] ?? [];
  return normalised(
    first.map((value, at) => others.reduce((sum, other) => sum + (other[at] ?? 0), value)),
  );
}

/** The first candidates, as many as can be embedded in the time; none when that is too few to tell anything. */
function inTime({ pace }: EmbeddingScorerDeps, request: ScoringRequest): readonly string[] {
  const { candidates, withinMs } = request;
  const most = candidates.slice(0, mostScoredTexts - unknown(request).length);
  if (pace === undefined || withinMs === null) return most;
  const fitting = pace.fitting(most.map(estimatedTokens), withinMs);
  if (fitting >= Math.min(leastTexts, most.length)) return most.slice(0, fitting);
  pace.skipped();
  return [];
}

/** `null` when the vectors cannot be had in time. */
async function vectorsOf(
  { clock, models, pace }: EmbeddingScorerDeps,
  texts: readonly string[],
  withinMs: number | null,
  call: ModelCall,
): Promise<readonly (readonly number[])[] | null> {
  const startedAt = clock.now();
  const tokens = texts.reduce((sum, text) => sum + estimatedTokens(text), 0);
  const deadline =
    pace === undefined || withinMs === null
      ? call.deadline
      : milliseconds(Math.min(call.deadline, startedAt + withinMs * latenessFactor));
  try {
    const { vectors, fromCache = 0 } = await models.embed(texts, { ...call, deadline });
    // What was there already says nothing of how fast vectors are made.
    if (fromCache === 0) pace?.took(tokens, clock.now() - startedAt);
    return vectors;
  } catch (error) {
    if (call.signal.aborted) throw error;
    pace?.missed(tokens, clock.now() - startedAt);
    return null;
  }
}
