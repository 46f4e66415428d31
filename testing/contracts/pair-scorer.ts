import { afterAll, beforeAll, describe, expect, it } from "vitest";
import { milliseconds } from "#lib/core/time/milliseconds.ts";
import type { Clock } from "#lib/ports/clock.ts";
import type { PairScorer, TextPair } from "#lib/ports/pair-scorer.ts";

export interface ScorerUnderTest {
  readonly scorer: PairScorer;
  readonly clock: Clock;
  close(): Promise<void>;
}

const patienceMs = 60_000;
const pairs: readonly TextPair[] = [
  ["How do I reset my password?", "What do I do when I forgot my password?"],
  ["How do I reset my password?", "Where is the office in Lisbon?"],
  ["Where is the office in Lisbon?", "How do I reset my password?"],
];

/** What every scorer of pairs promises, whatever reads them. */
export function pairScorerContract(name: string, start: () => Promise<ScorerUnderTest>): void {
  describe(`the pair scorer ${name}`, { timeout: 60_000 }, () => {
    let under: ScorerUnderTest;
    const score = (some: readonly TextPair[], signal = new AbortController().signal) =>
      under.scorer.score(some, {
        ...{ class: "interactive", client: "test", signal },
        deadline: milliseconds(under.clock.now() + patienceMs),
      });

    beforeAll(async () => {
      under = await start();
    });
    afterAll(() => under.close());

    it("says whose scores they are, the same each time", () => {
      const fingerprint = under.scorer.fingerprint();
      expect(fingerprint?.split(" ")[0]).toMatch(/^[^ ]+:[^ ]+$/);
      expect(under.scorer.fingerprint()).toBe(fingerprint);
    });

    it("gives a score from 0 to 1 for each pair, whichever others are asked with it", async () => {
      const together = (await score(pairs)) ?? [];
      expect(together).toHaveLength(pairs.length);
      for (const one of together) {
        expect(one).toBeGreaterThanOrEqual(0);
        expect(one).toBeLessThanOrEqual(1);
      }
      for (const [place, pair] of pairs.entries())
        expect((await score([pair]))?.[0]).toBeCloseTo(together[place] ?? NaN, 5);
      const turned = (await score(pairs.toReversed())) ?? [];
      for (const [place, one] of turned.toReversed().entries())
        expect(one).toBeCloseTo(together[place] ?? NaN, 5);
    });

    it("says nothing of no pairs, and ends with the reason of who leaves", async () => {
      expect(await score([])).toBeNull();
      const gone = AbortSignal.abort(new Error("left"));
      await expect(score(pairs, gone)).rejects.toThrow("left");
    });
  });
}
