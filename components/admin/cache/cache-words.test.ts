import { describe, expect, it } from "vitest";
import type { CacheHour, CacheReport, TierHour } from "#components/api/cache-shapes.ts";
import { barsOf, spansOf } from "./hits-chart.tsx";
import { tierSums } from "./tiers-section.tsx";
import { sayRun } from "./prewarm-words.ts";
import { sayReason, sayState } from "./words.ts";

const hour = (at: string, result: CacheHour["result"], lookups: number): CacheHour => ({
  ...{ hour: at, result, lookups, reason: result === "miss" ? "new" : "" },
  ...{ savedMs: 0, savedTokens: 0 },
});

describe("the words of the cache page", () => {
  const semantic = {
    ...{ state: "serving", embedder: "all-minilm", wordsLimit: 0.9, answersLimit: null },
    ...{ calibrated: { served: 1, wrong: 0 }, shadow: { served: 0, wrong: 0 } },
    ...{ bound: 0.9, budget: 0.005, scorer: null },
  } as const;
  const report = (hours: readonly CacheHour[], state: "serving" | "off"): CacheReport => ({
    ...{ hours, tiers: [] },
    totals: { entries: 0, bytes: 0, curated: 0, prewarmed: 0, aliases: 0 },
    semantic: { ...semantic, state },
    listed: [],
    prewarmer: { everyMs: 1, runs: [] },
  });

  it("says the share of what was looked up, and when the tier switched itself off", () => {
    const at = "2026-01-01T10:00:00Z";
    const hours = [hour(at, "exact", 2), hour(at, "vetted", 1), hour(at, "miss", 1)];
    const said = sayState(report([...hours, hour(at, "bypassed", 9)], "serving"), "7 days");
    expect(said).toBe("Of 4 questions in the last 7 days, the cache answered 75%.");
    expect(sayState(report([], "off"), "24 hours")).toBe(
      "No question was looked up in the last 24 hours. Other wordings are switched off.",
    );
  });

  it("names every kind of reason, and keeps one that it does not know as it is", () => {
    expect(sayReason("veto: number")).toBe("A guard objected: numbers");
    expect(sayReason("stale: better-chunk")).toBe("Out of date: a newer passage fits better");
    expect(sayReason("something else")).toBe("something else");
  });

  it("says what a round did, and that one had nothing to do", () => {
    const run = {
      ...({ id: "r", startedAt: "", endedAt: "", trigger: "start" } as const),
      ...{ costMs: 0, costTokens: 0 },
    };
    expect(sayRun({ ...run, outcome: "complete", counts: { answered: 2, yields: 1 } })).toBe(
      "2 answered, gave way 1 time",
    );
    expect(sayRun({ ...run, outcome: "complete", counts: {} })).toBe("nothing to do");
    expect(sayRun({ ...run, outcome: "running", counts: {} })).toBe("At work");
  });

  it("puts each hour into one bar, the running one into the last", () => {
    const now = Date.parse("2026-01-08T10:30:00Z");
    const hours = [
      hour("2026-01-08T10:00:00Z", "exact", 3),
      hour("2026-01-01T12:00:00Z", "miss", 2),
    ];
    const bars = barsOf(hours, 7, now);
    expect(bars).toHaveLength(7);
    expect(bars.at(-1)?.counts.exact).toBe(3);
    expect(bars.at(0)?.counts.miss).toBe(2);
    expect(barsOf(hours, 1, now).at(-1)?.counts.exact).toBe(3);
  });
});

describe("what each place of storage had", () => {
  const row = (
    tier: TierHour["tier"],
    result: TierHour["result"],
    lookups: number,
    hour = "2026-01-01T10:00:00Z",
  ): TierHour => ({ hour, kind: "embedding", tier, result, lookups });

  it("is summed by result", () => {
    const rows = [row("memory", "hit", 3), row("memory", "hit", 4), row("memory", "miss", 2)];
    expect(tierSums([...rows, row("memory", "failed", 1)])).toEqual({
      hits: 7,
      misses: 2,
      failed: 1,
    });
  });

  it("is put together by hour for a day, by day for more", () => {
    const now = Date.parse("2026-01-02T10:30:00Z");
    const rows = [row("redis", "hit", 1), row("redis", "hit", 2, "2026-01-02T10:00:00Z")];
    expect(spansOf(rows, 1, now).at(-1)?.inside).toEqual([rows[1]]);
    expect(spansOf(rows, 7, now).map(({ inside }) => inside.length)).toEqual([0, 0, 0, 0, 0, 1, 1]);
  });
});
