import type { Actor } from "../core/access/actor.ts";
import type { Generations } from "../core/rag/corpus-state.ts";
import type { AnswerCacheStore, CachedAnswer, Recollection } from "../ports/answer-cache-store.ts";
import type { CacheCounters } from "../ports/cache-counters.ts";
import type { Clock } from "../ports/clock.ts";
import type { TieredCache } from "./tiered-cache.ts";

export interface RecallDeps {
  readonly store: Pick<AnswerCacheStore, "recall">;
  /** Without them every answer comes from the store. */
  readonly tiers?: TieredCache;
  readonly counters: Pick<CacheCounters, "tier">;
  readonly clock: Pick<Clock, "wallTime">;
}

export interface Recalled extends Recollection {
  readonly scope: string;
}

/** What is kept for a question's own words, from the fastest tier that has it, with what proves it now. */
export type RecallAnswer = (
  asked: AskedWording,
  scopeOf: (generations: Generations) => string,
  vettedScope: string,
) => Promise<Recalled>;

export interface AskedWording {
  readonly actor: Actor;
  readonly collectionIds: readonly string[];
  readonly exactText: string;
  /** `null` = none that compares. */
  readonly form: string | null;
}

/** People whose last scope is remembered. */
const mostScopes = 5000;

/**
 * One statement for who asked here before: their scope is guessed to be the last one, and the same statement says whether it is. A
 * wrong guess costs a second one. Nothing of another scope is touched, so the time tells nothing of it.
 */
export function createRecallAnswer(deps: RecallDeps): RecallAnswer {
  const lastSeen = new Map<string, Generations>();
  const remember = (key: string, seen: Generations): void => {
    lastSeen.delete(key);
    lastSeen.set(key, seen);
    for (const oldest of lastSeen.keys()) {
      if (lastSeen.size <= mostScopes) break;
      lastSeen.delete(oldest);
    }
  };

  return async (asked, scopeOf, vettedScope) => {
    const { actor, collectionIds } = asked;
    const key = JSON.stringify([actor.workspaceId, actor.userId, [...collectionIds].sort()]);
    const before = lastSeen.get(key);
    const guess = before === undefined ? null : scopeOf(before);
    const first =
      guess === null
        ? await deps.store.recall(actor, collectionIds, null)
        : await recallAt(deps, asked, { scope: guess, vettedScope });
    const scope = scopeOf(first.generations);
    remember(key, first.generations);
    if (scope === guess) return { ...first, scope };
    const second = await recallAt(deps, asked, { scope, vettedScope });
    // What may be read changed between the two: what lies at the first place is not for the second scope.
    const last = scopeOf(second.generations);
    return last === scope ? { ...second, scope } : { ...second, scope: last, own: null };
  };
}

async function recallAt(
  { store, tiers, counters, clock }: RecallDeps,
  { actor, collectionIds, exactText, form }: AskedWording,
  place: { readonly scope: string; readonly vettedScope: string },
): Promise<Recollection> {
  const about = JSON.stringify([place.scope, exactText]);
  const [bytes] = (await tiers?.read("answer", [about])) ?? [];
  const held = bytes == null ? null : unpacked(bytes);
  const recalled = await store.recall(actor, collectionIds, { ...place, exactText, form, held });
  const { own } = recalled;
  const isHeld = own !== null && own.entry.answer === held?.answer;
  if (!isHeld) {
    const result = own === null ? "miss" : "hit";
    counters.tier({ kind: "answer", tier: "database", result }, clock.wallTime(), 1);
    if (own !== null) tiers?.write("answer", [{ about, value: packed(own.entry) }]);
    else if (held !== null) tiers?.remove("answer", [about]);
  }
  return recalled;
}

const packed = (entry: CachedAnswer): Uint8Array =>
  new TextEncoder().encode(JSON.stringify({ ...entry, generations: [...entry.generations] }));

/** `null` for what `packed` did not make. Only its words are used: everything that is proven comes from the store. */
function unpacked(bytes: Uint8Array): CachedAnswer | null {
  try {
    const entry = JSON.parse(new TextDecoder().decode(bytes)) as CachedAnswer & {
      readonly generations: readonly (readonly [string, number])[];
      readonly createdAt: string;
    };
    const isEntry = typeof entry.entryId === "string" && typeof entry.answer === "object";
    return isEntry
      ? {
          ...entry,
          generations: new Map(entry.generations),
          createdAt: new Date(entry.createdAt),
        }
      : null;
  } catch {
    return null;
  }
}
