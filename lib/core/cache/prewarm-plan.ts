import type { Actor } from "../access/actor.ts";
import { exactText } from "./answer-key.ts";

/** A question to have at hand, with the rights and in the collections of those who will ask it. */
export interface PlannedQuestion {
  readonly actor: Actor;
  readonly question: string;
  readonly collectionIds: readonly string[];
}

export interface PrewarmSources {
  /** What admins listed. */
  readonly listed: readonly Omit<PlannedQuestion, "actor">[];
  /** The most asked first. */
  readonly popular: readonly PlannedQuestion[];
  /** Out of the documents, for those who may read them. */
  readonly made: readonly PlannedQuestion[];
}

/**
 * What is answered ahead of time, the most wanted first: each listed question for every audience, then what people ask, then questions out
 * of the documents. Every question counts once, however many audiences it is answered for.
 * @param audiences one person of each group that may read the same, the largest group first
 */
export function prewarmPlan(
  { listed, popular, made }: PrewarmSources,
  audiences: readonly Actor[],
  mostQuestions: number,
): readonly PlannedQuestion[] {
  const planned = new Map<string, PlannedQuestion>();
  const texts = new Set<string>();
  const add = (one: PlannedQuestion): void => {
    const text = exactText(one.question);
    if (!texts.has(text) && texts.size >= mostQuestions) return;
    texts.add(text);
    const scope = [...one.collectionIds].sort();
    const key = JSON.stringify([text, scope, one.actor.userId]);
    if (!planned.has(key)) planned.set(key, one);
  };
  for (const one of listed) for (const actor of audiences) add({ ...one, actor });
  for (const one of popular) add(one);
  for (const one of made) add(one);
  return [...planned.values()];
}
