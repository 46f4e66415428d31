import { describe, expect, it } from "vitest";
import type { AnswerCacheStore } from "#lib/ports/answer-cache-store.ts";
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

describe("the answer cache under questions, edits, revocations and model changes in any order", () => {
  it("gives no stale answer and none of another scope", { timeout: 180_000 }, async () => {
    const { hits, wrong } = await runs(1_000);
    expect(wrong).toEqual([]);
    expect(hits).toBeGreaterThan(1_000);
  });

  it.each<[string, (store: AnswerCacheStore) => AnswerCacheStore]>([
    [
      "believes an entry without looking at the database",
      (store) => ({
        ...store,
        snapshot: (_actor, _ids, { cited, generations }) =>
          Promise.resolve({
            generations,
            readable: new Map(cited.map(({ chunkId, contentHash }) => [chunkId, { contentHash }])),
          }),
      }),
    ],
    [
      "says that nothing moved",
      (store) => ({
        ...store,
        snapshot: async (actor, ids, entry) => {
          const now = await store.snapshot(actor, ids, entry);
          return now === null ? null : { ...now, generations: entry.generations };
        },
      }),
    ],
    [
      "renews without cause",
      (store) => ({
        ...store,
        find: async (scope, text) => {
          const found = await store.find(scope, text);
          const now = await store.generations(
            { userId: "u1", workspaceId: "w", role: "member" },
            [],
          );
          if (found !== null) await store.renew(found.entry.entryId, now);
          return store.find(scope, text);
        },
      }),
    ],
  ])("would notice a store that %s", { timeout: 90_000 }, async (_name, sabotage) => {
    expect((await runs(100, sabotage)).wrong.length).toBeGreaterThan(0);
  });
});
