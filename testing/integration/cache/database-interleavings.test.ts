import { describe, expect, it } from "vitest";
import { runDatabaseInterleavings } from "./database-interleavings.ts";

describe("the cache over a real database, in any order of questions and changes", () => {
  it("gives nothing stale and nothing of another scope", { timeout: 300_000 }, async () => {
    // The rules themselves stand a thousand orders in each run (testing/simulation/cache-interleavings.test.ts); this is their SQL.
    const { asked, hits, changes, inFlight, stale } = await runDatabaseInterleavings(500, 1);
    expect(stale).toEqual([]);
    expect(asked).toBeGreaterThanOrEqual(500);
    expect(hits).toBeGreaterThan(100);
    expect(changes).toBeGreaterThan(100);
    expect(inFlight).toBeGreaterThan(100);
  });

  it("would notice a store that says that nothing moved", { timeout: 120_000 }, async () => {
    const { stale } = await runDatabaseInterleavings(300, 2, (store) => ({
      ...store,
      async recall(...call) {
        const recalled = await store.recall(...call);
        const { own } = recalled;
        if (own === null) return recalled;
        const cited = own.entry.cited.map(
          ({ chunkId, contentHash }) => [chunkId, { contentHash }] as const,
        );
        const now = { generations: own.entry.generations, readable: new Map(cited) };
        return { ...recalled, own: { ...own, now } };
      },
    }));
    expect(stale.length).toBeGreaterThan(0);
  });
});
