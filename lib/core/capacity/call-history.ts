import type { Milliseconds } from "../time/milliseconds.ts";
import {
  emptyHistogram,
  mergedHistogram,
  timeQuantile,
  withTime,
  type TimeHistogram,
} from "./time-histogram.ts";

export type CallOutcome = "complete" | "failed" | "cancelled" | "refused" | "expired";

/** What is known of a call when it is over. Times in ms. */
export interface CallFacts {
  readonly kind: "chat" | "embedding";
  readonly outcome: CallOutcome;
  /** In the queue, all attempts together. */
  readonly queuedMs: number;
  /** The wait that was predicted when it came; `null` when it did not have to wait. */
  readonly expectedMs: number | null;
  /** From the call to its first item, waiting included; `null` when none came. */
  readonly firstTokenMs: number | null;
  readonly promptTokens: number;
  readonly cachedPromptTokens: number;
  readonly completionTokens: number;
  readonly prefillMs: number;
  readonly decodeMs: number;
}

interface Minute {
  /** Minutes since the clock's start. */
  readonly at: number;
  readonly calls: number;
  readonly failures: number;
  readonly queued: TimeHistogram;
  readonly firstToken: TimeHistogram;
  readonly promptTokens: number;
  readonly cachedPromptTokens: number;
  readonly completionTokens: number;
  readonly prefillMs: number;
  readonly decodeMs: number;
}

/** The last hour, by minute. */
export type CallHistory = readonly Minute[];

export const emptyHistory: CallHistory = [];

const minuteMs = 60_000;
const keptMinutes = 60;

const emptyMinute = (at: number): Minute => ({
  at,
  calls: 0,
  failures: 0,
  queued: emptyHistogram,
  firstToken: emptyHistogram,
  promptTokens: 0,
  cachedPromptTokens: 0,
  completionTokens: 0,
  prefillMs: 0,
  decodeMs: 0,
});

export function withCallFacts(
  history: CallHistory,
  call: CallFacts,
  now: Milliseconds,
): CallHistory {
  const at = Math.floor(now / minuteMs);
  const last = history.at(-1);
  const open = last?.at === at ? last : emptyMinute(at);
  const before = history.filter((minute) => minute !== last || last.at !== at);
  const isChat = call.kind === "chat";
  const next: Minute = {
    at,
    calls: open.calls + 1,
    failures: open.failures + (call.outcome === "failed" || call.outcome === "expired" ? 1 : 0),
    queued: isChat ? withTime(open.queued, call.queuedMs) : open.queued,
    firstToken:
      isChat && call.firstTokenMs !== null
        ? withTime(open.firstToken, call.firstTokenMs)
        : open.firstToken,
    promptTokens: open.promptTokens + call.promptTokens,
    cachedPromptTokens: open.cachedPromptTokens + call.cachedPromptTokens,
    completionTokens: open.completionTokens + call.completionTokens,
    prefillMs: open.prefillMs + call.prefillMs,
    decodeMs: open.decodeMs + call.decodeMs,
  };
  return [...before.filter((minute) => minute.at > at - keptMinutes), next];
}

/** One minute of a chart. `null` where nothing was measured. */
export interface HistoryPoint {
  /** 0 = the running minute, 59 = an hour ago. */
  readonly minutesAgo: number;
  readonly calls: number;
  readonly failures: number;
  readonly queuedP95Ms: number | null;
  readonly firstTokenP50Ms: number | null;
  readonly firstTokenP95Ms: number | null;
  readonly prefillPerSecond: number | null;
  readonly decodePerSecond: number | null;
  /** Share of prompt tokens found in the nodes' prefix caches, 0 to 1. */
  readonly cachedShare: number | null;
}

const perSecond = (tokens: number, ms: number): number | null =>
  ms > 0 ? Math.round((tokens / ms) * 10_000) / 10 : null;

const pointOf = (minute: Minute, minutesAgo: number): HistoryPoint => ({
  minutesAgo,
  calls: minute.calls,
  failures: minute.failures,
  queuedP95Ms: timeQuantile(minute.queued, 0.95),
  firstTokenP50Ms: timeQuantile(minute.firstToken, 0.5),
  firstTokenP95Ms: timeQuantile(minute.firstToken, 0.95),
  prefillPerSecond: perSecond(minute.promptTokens - minute.cachedPromptTokens, minute.prefillMs),
  decodePerSecond: perSecond(minute.completionTokens, minute.decodeMs),
  cachedShare: minute.promptTokens > 0 ? minute.cachedPromptTokens / minute.promptTokens : null,
});

/** The last hour for a chart, oldest first, always 60 points. */
export function historyPoints(history: CallHistory, now: Milliseconds): readonly HistoryPoint[] {
  const current = Math.floor(now / minuteMs);
  return Array.from({ length: keptMinutes }, (_, index) => {
    const minutesAgo = keptMinutes - 1 - index;
    const at = current - minutesAgo;
    return pointOf(history.find((minute) => minute.at === at) ?? emptyMinute(at), minutesAgo);
  });
}

/** The last `minutes` together. */
export function recentPoint(
  history: CallHistory,
  now: Milliseconds,
  minutes: number,
): HistoryPoint {
  const current = Math.floor(now / minuteMs);
  const recent = history.filter((minute) => minute.at > current - minutes && minute.at <= current);
  return pointOf(recent.reduce(together, emptyMinute(current)), 0);
}

const together = (one: Minute, other: Minute): Minute => ({
  at: one.at,
  calls: one.calls + other.calls,
  failures: one.failures + other.failures,
  queued: mergedHistogram(one.queued, other.queued),
  firstToken: mergedHistogram(one.firstToken, other.firstToken),
  promptTokens: one.promptTokens + other.promptTokens,
  cachedPromptTokens: one.cachedPromptTokens + other.cachedPromptTokens,
  completionTokens: one.completionTokens + other.completionTokens,
  prefillMs: one.prefillMs + other.prefillMs,
  decodeMs: one.decodeMs + other.decodeMs,
});
