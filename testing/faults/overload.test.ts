import { expect, it } from "vitest";
import { runOverload } from "./overload.ts";

// On a slow machine the rush takes longer, and so does a look at the database: neither is what this is about.
const minuteMs = 60_000;

it("ten times more than the nodes can answer: the rest is refused with a time, kept answers never are, nothing is lost", async () => {
  const rush = { seconds: 8, factor: 10, nodes: 2, answerMs: 1000, longestWaitSeconds: 4 };
  const seen = await runOverload({ ...rush, idleQuestions: 3, lookUpMs: minuteMs });
  expect(seen.lost).toEqual([]);
  expect(seen.answered).toBeGreaterThan(2 * rush.nodes);
  // What the nodes answer during the rush and in the longest wait after it, and half as much again for forecasts that were wrong.
  const answerable = (rush.nodes * (seen.rushMs + rush.longestWaitSeconds * 1000)) / rush.answerMs;
  expect(seen.answered).toBeLessThan(1.5 * answerable);
  expect(seen.answered + seen.refusedMs.length).toBe(rush.seconds * rush.factor * rush.nodes);
  expect(seen.refusedWithoutTime).toBe(0);
  expect(seen.kept).toEqual({ answered: 8, refused: 0 });
}, 120_000);
