import { describe, expect, it } from "vitest";
import { runDatabaseInterleavings } from "./database-interleavings.ts";

describe("the cache over a real database, in ten thousand random orders", () => {
  it("gives nothing stale and nothing of another scope", { timeout: 1_800_000 }, async () => {
    const seed = 1 + Math.floor(Math.random() * 1_000_000);
    console.log(`seed ${String(seed)}`);
    const { hits, stale } = await runDatabaseInterleavings(10_000, seed);
    expect(stale).toEqual([]);
    expect(hits).toBeGreaterThan(1000);
  });
});
