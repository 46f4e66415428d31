import { describe, expect, it } from "vitest";
import type { ServeSnapshot } from "#lib/core/cache/hit-proof.ts";
import type { AnswerCacheStore, CachedAnswer } from "#lib/ports/answer-cache-store.ts";
import { runInterleaving } from "./cache-interleavings.ts";

async function runs(
  count: number,
  sabotage?: (store: AnswerCacheStore) => AnswerCacheStore,
): Promise<{ readonly hits: number; readonly wrong: readonly string[] }> {
  const wrong: string[] = [];
  let hits = 0;
  for (let seed = 1; seed <= count; seed += 1) {
    const result = await runInterleaving(seed, sabotage);
    hits += result.hits;
    wrong.push(...result.wrong);
  }
  return { hits, wrong };
}

const believing = ({ cited, generations }: CachedAnswer): ServeSnapshot => ({
  generations,
  readable: new Map(cited.map(({ chunkId, contentHash }) => [chunkId, { contentHash }])),
});

/** A store that says something else of what proves an entry. */
const changingProof = (
  store: AnswerCacheStore,
  change: (now: ServeSnapshot, entry: CachedAnswer) => ServeSnapshot,
): AnswerCacheStore => ({
  ...store,
  recall: async (actor, ids, at) => {
    const recalled = await store.recall(actor, ids, at);
    const { own } = recalled;
    return own === null
      ? recalled
      : { ...recalled, own: { ...own, now: change(own.now, own.entry) } };
  },
  snapshot: async (actor, ids, entry) => {
    const now = await store.snapshot(actor, ids, entry);
    return now === null ? null : change(now, entry);
  },
});

describe("the answer cache under questions, edits, revocations and model changes in any order", () => {
  it("gives no stale answer and none of another scope", { timeout: 180_000 }, async () => {
    const { hits, wrong } = await runs(1_000);
    expect(wrong).toEqual([]);
    expect(hits).toBeGreaterThan(1_000);
  });

  it.each<[string, (store: AnswerCacheStore) => AnswerCacheStore]>([
    [
      "believes an entry without looking at the database",
      (store) => changingProof(store, (_now, entry) => believing(entry)),
    ],
    [
      "says that nothing moved",
      (store) => changingProof(store, (now, { generations }) => ({ ...now, generations })),
    ],
    [
      "renews without cause",
      (store) => ({
        ...store,
        recall: async (actor, ids, at) => {
          const { own, generations } = await store.recall(actor, ids, at);
          if (own !== null) await store.renew(own.entry.entryId, generations);
          return store.recall(actor, ids, at);
        },
      }),
    ],
  ])("would notice a store that %s", { timeout: 90_000 }, async (_name, sabotage) => {
    expect((await runs(100, sabotage)).wrong.length).toBeGreaterThan(0);
  });
});
