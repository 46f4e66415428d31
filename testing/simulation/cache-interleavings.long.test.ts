import { describe, expect, it } from "vitest";
import { runInterleaving } from "./cache-interleavings.ts";

describe("the answer cache in ten thousand random orders", () => {
  it("gives no stale answer and none of another scope", { timeout: 600_000 }, async () => {
    const first = 1 + Math.floor(Math.random() * 1_000_000);
    console.log(`first seed ${String(first)}`);
    const wrong: string[] = [];
    for (let run = 0; run < 10_000; run += 1)
      wrong.push(...(await runInterleaving(first + run)).wrong);
    expect(wrong).toEqual([]);
  });
});
