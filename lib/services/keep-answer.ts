import { keptAnswer } from "../core/cache/admission.ts";
import { exactText } from "../core/cache/answer-key.ts";
import { questionForm } from "../core/cache/question-form.ts";
import type { AnswerSnapshot } from "../core/chat/events.ts";
import type { Clock } from "../ports/clock.ts";
import { scopeFor, type Lookup, type ProveHitDeps } from "./prove-hit.ts";
import type { Retrieval } from "./retrieve-chunks.ts";

export interface KeepAnswerDeps extends Pick<ProveHitDeps, "store" | "fingerprint"> {
  readonly clock: Pick<Clock, "now">;
  readonly answerVersion: string;
}

export interface NewlyAnswered {
  readonly lookup: Lookup;
  readonly asked: { readonly answerId: string; readonly isPrewarm: boolean };
  readonly startedAt: number;
  readonly answer: AnswerSnapshot;
  readonly found: Retrieval;
  readonly completionTokens: number;
}

/** Writes an answer that may be kept, unless anything that its key says has changed since the question came. Whether it is kept. */
export async function keepAnswer(
  deps: KeepAnswerDeps,
  { lookup, asked, startedAt, answer, found, completionTokens }: NewlyAnswered,
): Promise<boolean> {
  const { actor, scope, generations, question, collectionIds } = lookup;
  // Weights that changed meanwhile wrote another answer than the key says.
  if (scopeFor(deps, lookup, generations) !== scope) return false;
  const kept = keptAnswer(answer);
  const hashes = new Map(found.chunks.map(({ chunkId, contentHash }) => [chunkId, contentHash]));
  const cited = kept.sources.map(({ chunkId, collectionId }) => ({
    chunkId,
    contentHash: hashes.get(chunkId) ?? "",
    collectionId,
  }));
  const result = await deps.store.put(actor, collectionIds, {
    scope,
    question,
    exactText: exactText(question),
    form: questionForm(question)?.text ?? null,
    vector: found.vector,
    answer: kept,
    cited,
    rankedChunkIds: found.chunks.map(({ chunkId }) => chunkId),
    generations,
    source: asked.isPrewarm ? "prewarmed" : "asked",
    answerId: asked.answerId,
    costMs: deps.clock.now() - startedAt,
    costTokens: completionTokens,
  });
  return result === "kept";
}
