import type { PredictionSnapshot } from "../core/health/cluster-snapshot.ts";
import type { Milliseconds } from "../core/time/milliseconds.ts";
import type { Clock } from "../ports/clock.ts";
import type { CallRecord } from "./open-call.ts";

const keptWaits = 100;
const minuteMs = 60_000;

/** What people were told against what came true, and how many answers end in a minute. */
export function createToldWaits(clock: Clock) {
  let waits: PredictionSnapshot["points"] = [];
  const ended: Milliseconds[] = [];
  const forgetOld = (now: Milliseconds): void => {
    const old = ended.findIndex((time) => now - time < minuteMs);
    ended.splice(0, old === -1 ? ended.length : old);
  };

  const ratios = (): readonly number[] =>
    waits
      .map(({ toldMs, waitedMs }) => waitedMs / Math.max(toldMs, 1))
      .sort((one, other) => one - other);
  const at = (sorted: readonly number[], p: number): number | null =>
    sorted[Math.max(0, Math.ceil(p * sorted.length) - 1)] ?? null;

  return {
    ended(record: CallRecord): void {
      const { kind, outcome, expectedMs, queuedMs, toldAfterMs, endedAt, nodeId } = record;
      if (kind !== "chat") return;
      if (outcome === "complete") ended.push(endedAt);
      forgetOld(endedAt);
      if (expectedMs === null || nodeId === null) return;
      waits = [
        ...waits.slice(1 - keptWaits),
        { toldMs: expectedMs, waitedMs: Math.round(queuedMs - toldAfterMs) },
      ];
    },
    figures: {
      answersPerMinute(): number {
        forgetOld(clock.now());
        return ended.length;
      },
      predictions(): PredictionSnapshot {
        const sorted = ratios();
        const [p50Ratio, p95Ratio] = [at(sorted, 0.5), at(sorted, 0.95)];
        return { count: waits.length, p50Ratio, p95Ratio, points: waits };
      },
    },
  };
}
