import fc from "fast-check";
import { describe, expect, it } from "vitest";
import { milliseconds } from "../time/milliseconds.ts";
import {
  emptyHistory,
  historyPoints,
  recentPoint,
  withCallFacts,
  type CallFacts,
} from "./call-history.ts";
import { emptyHistogram, timeQuantile, withTime } from "./time-histogram.ts";

const call = (change: Partial<CallFacts> = {}): CallFacts => ({
  kind: "chat",
  outcome: "complete",
  queuedMs: 10,
  expectedMs: null,
  firstTokenMs: 500,
  promptTokens: 400,
  cachedPromptTokens: 100,
  completionTokens: 50,
  prefillMs: 1000,
  decodeMs: 2000,
  ...change,
});
const minute = 60_000;
const at = milliseconds;

describe("time histogram", () => {
  it("gives quantiles within a tenth", () => {
    fc.assert(
      fc.property(
        fc.array(fc.integer({ min: 2, max: 600_000 }), { minLength: 1, maxLength: 200 }),
        fc.double({ min: 0, max: 1, noNaN: true }),
        (times, p) => {
          const sorted = [...times].sort((one, other) => one - other);
          const exact = sorted[Math.max(0, Math.ceil(p * times.length) - 1)] ?? 0;
          const found = timeQuantile(times.reduce(withTime, emptyHistogram), p) ?? 0;
          expect(Math.abs(found - exact)).toBeLessThanOrEqual(exact * 0.1 + 1);
        },
      ),
    );
  });

  it("has none of nothing", () => {
    expect(timeQuantile(emptyHistogram, 0.5)).toBeNull();
  });
});

describe("call history", () => {
  it("adds up a minute: rates by tokens and time, hits by prompt tokens, failures apart", () => {
    const history = [call(), call({ outcome: "failed", firstTokenMs: null })].reduce(
      (before, facts) => withCallFacts(before, facts, at(1000)),
      emptyHistory,
    );
    expect(recentPoint(history, at(2000), 1)).toMatchObject({
      calls: 2,
      failures: 1,
      prefillPerSecond: 300,
      decodePerSecond: 25,
      cachedShare: 0.25,
    });
  });

  it("always draws sixty minutes, forgets what is older, and shows gaps as nothing", () => {
    let history = withCallFacts(emptyHistory, call(), at(0));
    history = withCallFacts(history, call(), at(59 * minute));
    const points = historyPoints(history, at(59 * minute));
    expect(points.map((point) => point.calls)).toEqual([
      1,
      ...Array.from({ length: 58 }, () => 0),
      1,
    ]);
    expect(points[1]?.firstTokenP50Ms).toBeNull();
    history = withCallFacts(history, call(), at(60 * minute));
    expect(history).toHaveLength(2);
    expect(recentPoint(history, at(60 * minute), 5).calls).toBe(2);
  });

  it("keeps the short calls of embedding out of the first-token times", () => {
    const history = withCallFacts(emptyHistory, call({ kind: "embedding" }), at(0));
    expect(recentPoint(history, at(0), 1)).toMatchObject({ calls: 1, firstTokenP50Ms: null });
  });
});
