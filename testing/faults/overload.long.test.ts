import { expect, it } from "vitest";
import { quantile } from "#testing/bench/figures.ts";
import { keptRefusedShare, runOverload } from "./overload.ts";

it("a minute of ten times more than the nodes can answer: told waits hold, quotes stay quick, refusals come at once, memory stays flat", async () => {
  const seen = await runOverload({
    ...{ seconds: 60, factor: 10, nodes: 4, answerMs: 2000, longestWaitSeconds: 30 },
    idleQuestions: 15,
  });
  const late = seen.waits.map(({ toldMs, waitedMs }) => waitedMs / toldMs);
  expect(seen.lost).toEqual([]);
  expect(seen.refusedWithoutTime).toBe(0);
  // A refusal never waits for the database: who is not told in time is refused, kept answer or not.
  expect(keptRefusedShare(seen)).toBeLessThanOrEqual(0.05);
  expect(quantile(late, 0.95)).toBeLessThanOrEqual(1.25);
  expect(quantile(seen.refusedMs, 0.95)).toBeLessThanOrEqual(100);
  for (const p of [0.5, 0.95])
    expect(quantile(seen.evidenceMs, p)).toBeLessThanOrEqual(2 * quantile(seen.idleEvidenceMs, p));
  expect(seen.heapGrowth).toBeLessThan(1.2);
}, 400_000);
