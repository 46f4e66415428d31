import type { Actor } from "../core/access/actor.ts";
import { markOf } from "../core/cache/near-duplicate-questions.ts";
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
  readonly instructions: string;
}

/** What the scope of a question is made of, beside what is asked for. */
export type ScopeOf = (generations: Generations, instructions: string) => string;

export interface RecallAnswer {
  /** What is kept for a question's own words, from the fastest tier that has it, with what proves it now. */
  recall(asked: AskedWording, scopeOf: ScopeOf, vettedScope: string): Promise<Recalled>;
  /** Whether something lay there when it was last asked for in this process, as far as it is remembered: asks nothing and proves nothing. */
  remembers(
    asked: Pick<AskedWording, "actor" | "collectionIds" | "exactText">,
    scopeOf: ScopeOf,
  ): boolean;
  /** What was just kept is remembered too. */
  noteKept(scope: string, exactText: string): void;
}

export interface AskedWording {
  readonly actor: Actor;
  readonly collectionIds: readonly string[];
  /** What the collections asked want of the answer (`instructionsKey`); it may still be on its way. */
  readonly instructions: string | Promise<string>;
  readonly exactText: string;
  /** `null` = none that compares. */
  readonly form: string | null;
}

/** People whose last scope is remembered, and questions that are remembered to be kept. */
const mostScopes = 5000;
const mostKept = 20_000;

interface Seen {
  readonly generations: Generations;
  readonly instructions: string;
}

/** The newest of what was remembered: what was remembered longest ago is forgotten. */
function createMemory<T>(most: number) {
  const held = new Map<string, T>();
  return {
    get: (key: string) => held.get(key),
    forget: (key: string) => held.delete(key),
    remember(key: string, value: T): void {
      held.delete(key);
      held.set(key, value);
      for (const oldest of held.keys()) {
        if (held.size <= most) break;
        held.delete(oldest);
      }
    },
  };
}

const askerKey = ({ actor, collectionIds }: Pick<AskedWording, "actor" | "collectionIds">) =>
  JSON.stringify([actor.workspaceId, actor.userId, [...collectionIds].sort()]);

/**
 * One statement for who asked here before: their scope is guessed to be the last one, and the same statement says whether it is. A
 * wrong guess costs a second one. Nothing of another scope is touched, so the time tells nothing of it.
 */
export function createRecallAnswer(deps: RecallDeps): RecallAnswer {
  const lastSeen = createMemory<Seen>(mostScopes);
  // By a number for the scope, whose text is long: where two have the same one, a hint is wrong.
  const kept = createMemory<number>(mostKept);
  const note = (exactText: string, scope: string, found: Recollection): void => {
    if (found.own === null) kept.forget(exactText);
    else kept.remember(exactText, markOf(scope));
  };

  return {
    async recall(asked, scopeOf, vettedScope) {
      const { actor, collectionIds, exactText } = asked;
      const key = askerKey(asked);
      const before = lastSeen.get(key);
      const guess = before === undefined ? null : scopeOf(before.generations, before.instructions);
      const [first, instructions] = await Promise.all([
        guess === null
          ? deps.store.recall(actor, collectionIds, null)
          : recallAt(deps, asked, { scope: guess, vettedScope }),
        asked.instructions,
      ]);
      const scope = scopeOf(first.generations, instructions);
      lastSeen.remember(key, { generations: first.generations, instructions });
      if (scope === guess) {
        note(exactText, scope, first);
        return { ...first, scope, instructions };
      }
      const second = await recallAt(deps, asked, { scope, vettedScope });
      // What may be read changed between the two: what lies at the first place is not for the second scope.
      const last = scopeOf(second.generations, instructions);
      if (last !== scope) return { ...second, scope: last, instructions, own: null };
      note(exactText, scope, second);
      return { ...second, scope, instructions };
    },
    noteKept: (scope, exactText) => {
      kept.remember(exactText, markOf(scope));
    },
    remembers(asked, scopeOf) {
      const before = lastSeen.get(askerKey(asked));
      if (before === undefined) return false;
      return kept.get(asked.exactText) === markOf(scopeOf(before.generations, before.instructions));
    },
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
