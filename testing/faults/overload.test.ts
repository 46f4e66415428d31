import { expect, it } from "vitest";
import { runOverload } from "./overload.ts";

it("ten times more than the nodes can answer: the rest is refused with a time, kept answers never are, nothing is lost", async () => {
  const seen = await runOverload({
    ...{ seconds: 8, factor: 10, nodes: 2, answerMs: 1000, longestWaitSeconds: 4 },
    idleQuestions: 3,
  });
  expect(seen.lost).toEqual([]);
  expect(seen.answered).toBeGreaterThan(5);
  expect(seen.refusedMs.length).toBeGreaterThan(3 * seen.answered);
  expect(seen.refusedWithoutTime).toBe(0);
  expect(seen.kept).toEqual({ answered: 8, refused: 0 });
}, 120_000);
