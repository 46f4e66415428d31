import { answersAgree } from "../core/cache/answer-agreement.ts";
import { proveBySnapshot } from "../core/cache/hit-proof.ts";
import type { AnswerCacheStore, CachedAnswer } from "../ports/answer-cache-store.ts";
import type { CacheUpkeepStore, OpenShadow } from "../ports/cache-upkeep-store.ts";
import type { Clock } from "../ports/clock.ts";
import { answerIdly, type AnswerLine, type IdleAnswer } from "./idle-answers.ts";

export interface ShadowAnswersDeps {
  readonly store: AnswerCacheStore;
  readonly upkeep: CacheUpkeepStore;
  /** Past the cache. */
  readonly answer: AnswerLine;
  readonly clock: Clock;
  readonly newId: () => string;
}

export interface ShadowResult {
  readonly verdict: "agrees" | "disagrees" | "unknown";
  readonly cost: Pick<IdleAnswer, "tookMs" | "tokens">;
}

/**
 * Answers a question once more that was served from the cache. When the fresh answer is another, the entry ends and the pair is never
 * served again. Where the documents moved since, nothing can be said.
 */
export async function checkShadow(
  deps: ShadowAnswersDeps,
  shadow: OpenShadow,
  signal: AbortSignal,
): Promise<ShadowResult> {
  const cost = { tookMs: 0, tokens: 0 };
  const unknown = async (spent: ShadowResult["cost"]): Promise<ShadowResult> => {
    await deps.upkeep.shadowed(shadow.id, null);
    return { verdict: "unknown", cost: spent };
  };
  const entry = await deps.store.load(shadow.entryId);
  if (entry?.answerKey !== shadow.answerKey) return unknown(cost);
  if (!(await stands(deps, shadow, entry))) return unknown(cost);
  const fresh = await answerIdly(deps, shadow, signal);
  if (!(await stands(deps, shadow, entry))) return unknown(fresh);
  // A node that failed is no disagreement.
  if (fresh.snapshot.notices.some(({ kind }) => kind === "degraded")) return unknown(fresh);
  if (answersAgree(entry.answer, fresh.snapshot)) {
    await deps.upkeep.shadowed(shadow.id, true);
    return { verdict: "agrees", cost: fresh };
  }
  await deps.upkeep.disagreed(shadow);
  return { verdict: "disagrees", cost: fresh };
}

/** The entry is there, readable, and no document of the scope moved since it was made. */
async function stands(
  { store }: ShadowAnswersDeps,
  { actor, collectionIds }: OpenShadow,
  entry: CachedAnswer,
): Promise<boolean> {
  const now = await store.snapshot(actor, collectionIds, entry);
  return now !== null && proveBySnapshot(entry, now).kind === "proven";
}
