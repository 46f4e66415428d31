import { expect, it } from "vitest";
import { sessions, sessionsWithDrover, sessionsWithQueue } from "./sessions.ts";

it("brings sessions back to their prefix from a cold start: .65 × the first token of one queue, 75 % of reusable tokens", async () => {
  const streams = [1, 2, 3, 4].map(sessions);
  const own: number[] = [];
  const shares: number[] = [];
  for (const stream of streams) {
    const { meanFirstTokenMs, found, mostAtOnce } = await sessionsWithDrover(stream);
    expect(mostAtOnce).toBeLessThanOrEqual(2);
    own.push(meanFirstTokenMs);
    shares.push(found);
  }
  const sum = (values: readonly number[]): number => values.reduce((all, one) => all + one, 0);
  expect(sum(own) / sum(streams.map(sessionsWithQueue))).toBeLessThanOrEqual(0.65);
  expect(sum(shares) / streams.length).toBeGreaterThanOrEqual(0.75);
}, 30_000);
