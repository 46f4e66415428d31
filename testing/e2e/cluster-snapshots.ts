import type { HistoryPoint } from "#lib/core/capacity/call-history.ts";
import { clusterProblems } from "#lib/core/health/cluster-problems.ts";
import type { ClusterSnapshot, NodeSnapshot } from "#lib/core/health/cluster-snapshot.ts";
import { clusterSummary, degradationWords, whyWords } from "#lib/core/health/cluster-words.ts";
import { statusOf, unknownHealth, type NodeHealth } from "#lib/core/health/node-health.ts";
import { closedBreaker } from "#lib/core/resilience/circuit-breaker.ts";
import { milliseconds } from "#lib/core/time/milliseconds.ts";

const minute = (minutesAgo: number, slow: number): HistoryPoint => {
  const wave = 1 + Math.sin(minutesAgo / 7) * 0.4;
  return {
    minutesAgo,
    calls: Math.round(14 * wave),
    failures: minutesAgo % 17 === 0 ? 2 : 0,
    queuedP95Ms: 400 * wave * slow,
    firstTokenP50Ms: 700 * wave * slow,
    firstTokenP95Ms: 1600 * wave * slow,
    prefillPerSecond: 180 / slow,
    decodePerSecond: 40 / slow,
    cachedShare: 0.6,
  };
};

const hourOf = (slow: number): HistoryPoint[] =>
  Array.from({ length: 60 }, (_, index) => minute(59 - index, slow));

const breakerOf = (isAway: boolean): NodeSnapshot["breaker"] =>
  isAway
    ? { state: "open", reason: "unreachable", nextTryMs: 14_000, openings: 4 }
    : { state: "closed", reason: null, nextTryMs: null, openings: 0 };

const isSlow = (place: number): boolean => place % 5 === 3;

const healthOf = (place: number, isAway: boolean): NodeHealth =>
  isAway
    ? {
        ...{ ...unknownHealth, reach: "unreachable" },
        breaker: {
          ...closedBreaker,
          state: { kind: "open", until: milliseconds(14_000) },
          reason: place % 4 === 1 ? "unreachable" : "refused",
        },
      }
    : { ...unknownHealth, reach: "reachable", isVersionSlow: isSlow(place) };

const whatIsKnown = (place: number, isAway: boolean) => {
  const health = healthOf(place, isAway);
  return { health, status: statusOf(health) };
};

const node = (place: number, isAway: boolean): NodeSnapshot => ({
  id: `node-${String(place + 1)}`,
  baseUrl: `http://10.0.0.${String(place + 11)}:11434`,
  source: "configured",
  status: whatIsKnown(place, isAway).status.kind,
  why: whyWords(whatIsKnown(place, isAway).status, healthOf(place, isAway)),
  version: "0.35.1",
  isDrained: false,
  weight: 1,
  slots: { inUse: isAway ? 0 : place % 3, open: isAway ? 0 : 2, configured: 2, embedding: 1 },
  share: isAway ? 0 : 1 / (place + 2),
  breaker: breakerOf(isAway),
  models: [
    {
      name: "qwen2.5:1.5b-instruct-q4_K_M",
      kind: "chat",
      digest: "d1",
      bytes: 986_000_000,
      isResident: !isAway,
      keepAliveMs: null,
      isShared: true,
      prefillPerSecond: 181,
      decodePerSecond: 38,
    },
    {
      name: "all-minilm:latest",
      kind: "embedding",
      digest: "d2",
      bytes: 25_000_000,
      isResident: !isAway,
      keepAliveMs: 2_400_000,
      isShared: true,
      prefillPerSecond: null,
      decodePerSecond: null,
    },
  ],
  loading: null,
  recent: minute(0, 1),
  hour: hourOf(isSlow(place) ? 2.5 : 1),
  lastFailure: isAway
    ? { agoMs: 42_000, reason: place % 4 === 1 ? "unreachable" : "refused" }
    : null,
});

/** A cluster as an admin may see it: `count` nodes, every second one away when half of them are. */
export function drawnCluster(count: number, isHalfDead: boolean): ClusterSnapshot {
  const isAway = (place: number): boolean => isHalfDead && place % 2 === 1;
  const nodes = Array.from({ length: count }, (_, place) => node(place, isAway(place)));
  const queue = isHalfDead
    ? {
        ...{ waiting: 9, byClass: { interactive: 6, ingest: 3 } },
        ...{ longestWaitMs: 6200, expectedMs: 8200 },
      }
    : { waiting: 0, byClass: {}, longestWaitMs: 0, expectedMs: 300 };
  const level = isHalfDead ? 1 : 0;
  const problems = clusterProblems(
    nodes.map(({ id, models }, place) => ({
      ...{ id, models, isAsked: true },
      ...whatIsKnown(place, isAway(place)),
    })),
    ["qwen2.5:1.5b-instruct-q4_K_M", "all-minilm"],
  );
  return {
    at: "2026-11-26T15:00:00.000Z",
    state: problems.length > 0 ? "strained" : "ok",
    summary: clusterSummary(nodes, { peopleWaitMs: queue.longestWaitMs, level, problems }),
    problems,
    nodes,
    queue,
    degradation: isHalfDead
      ? {
          level: 1,
          reason: degradationWords(1, "nodes"),
          forMs: 60_000,
        }
      : { level: 0, reason: "", forMs: 0 },
    answersPerMinute: 11,
    recent: minute(0, 1),
    hour: hourOf(1),
    hourByClass: isHalfDead
      ? {
          interactive: hourOf(1).map(({ calls, queuedP95Ms }) => ({ calls, queuedP95Ms })),
          ingest: hourOf(3).map(({ calls }) => ({ calls: calls * 2, queuedP95Ms: 3100 })),
        }
      : {},
    failovers: isHalfDead
      ? [
          {
            at: "2026-11-26T14:58:20.000Z",
            callId: "c1",
            nodeId: "node-2",
            model: "qwen2.5:1.5b",
            reason: "refused",
            ...{ kind: "moved", turnId: "t1", answerId: "a1", class: "interactive", afterMs: 12 },
            ...{ toNodeId: "node-1", movedMs: 40, flowsMs: 610, outcome: "complete" },
          },
          {
            at: "2026-11-26T14:59:10.000Z",
            callId: "c2",
            nodeId: "node-2",
            model: "qwen2.5:1.5b",
            reason: "cut",
            ...{ kind: "broken", turnId: "t2", answerId: null, class: "agent-high", afterMs: 2300 },
            ...{ toNodeId: "node-3", movedMs: 90, flowsMs: 480, outcome: "complete" },
          },
        ]
      : [],
    predictions: { count: 41, p50Ratio: 0.97, p95Ratio: 1.21, points: [] },
    installs: [],
    policy: "predicted-time",
  };
}
