import { recentPoint, historyPoints } from "../core/capacity/call-history.ts";
import type {
  ClusterSnapshot,
  FailoverSnapshot,
  QueueSnapshot,
} from "../core/health/cluster-snapshot.ts";
import { takesWork } from "../core/health/node-health.ts";
import { clusterProblems } from "../core/health/cluster-problems.ts";
import { clusterSummary, degradationWords, longWaitMs } from "../core/health/cluster-words.ts";
import { workClasses, type WorkClass } from "../core/scheduling/work-class.ts";
import type { SlotLedger } from "../ports/slot-ledger.ts";
import type { Milliseconds } from "../core/time/milliseconds.ts";
import type { Failover } from "./call-records.ts";
import type { DegradationWatch } from "./degradation.ts";
import type { ModelInstalls } from "./model-installs.ts";
import { snapshotNode, type NodeSnapshotDeps } from "./node-snapshot.ts";

export interface ClusterSnapshotDeps extends NodeSnapshotDeps {
  readonly ledger: Pick<SlotLedger, "inFlight" | "tailMs">;
  readonly degradation: Pick<DegradationWatch, "current">;
  readonly installs: Pick<ModelInstalls, "all">;
  readonly policy: () => string;
  /** Models that Drover answers and searches with. */
  readonly needed: readonly string[];
}

export interface ClusterSnapshots {
  now(): ClusterSnapshot;
  /** One at once and another each second, for as long as somebody reads. */
  follow(signal: AbortSignal): AsyncGenerator<ClusterSnapshot, void>;
}

const people: readonly WorkClass[] = ["interactive", "agent-high"];
const recentMinutes = 5;
const followEveryMs = 1000;

export function createClusterSnapshots(deps: ClusterSnapshotDeps): ClusterSnapshots {
  const now = (): ClusterSnapshot => snapshot(deps);
  return {
    now,
    async *follow(signal) {
      while (!signal.aborted) {
        yield now();
        try {
          await deps.clock.sleep(followEveryMs, signal);
        } catch {
          return;
        }
      }
    },
  };
}

function snapshot(deps: ClusterSnapshotDeps): ClusterSnapshot {
  const { registry, records, clock } = deps;
  const now = clock.now();
  const history = records.history(null);
  const recent = recentPoint(history, now, recentMinutes);
  const entries = registry.entries();
  const nodes = entries.map((entry) => snapshotNode(deps, entry, recent.calls));
  const queue = queueOf(deps);
  const { level, reason, since } = deps.degradation.current();
  const working = entries.filter(({ status }) => takesWork(status)).length;
  const problems = clusterProblems(
    entries.map((entry, place) => ({
      ...{ id: entry.node.id, status: entry.status, health: entry.health },
      models: nodes[place]?.models ?? [],
      isAsked: entry.installed !== null,
    })),
    deps.needed,
  );
  const peopleWaitMs = records.longestWaitMs(people);
  const isCalm = level === 0 && peopleWaitMs < longWaitMs && problems.length === 0;
  const isWell = working === entries.length && isCalm;
  return {
    at: clock.wallTime().toISOString(),
    state: working === 0 ? "down" : isWell ? "ok" : "strained",
    summary: clusterSummary(nodes, { peopleWaitMs, level, problems }),
    problems,
    nodes,
    queue,
    degradation: {
      level,
      reason: degradationWords(level, reason),
      forMs: level === 0 ? 0 : now - since,
    },
    answersPerMinute: records.answersPerMinute(),
    recent,
    hour: historyPoints(history, now),
    hourByClass: byClass(deps, now),
    failovers: records.failovers().map(failoverOf),
    predictions: records.predictions(),
    installs: deps.installs.all(),
    policy: deps.policy(),
  };
}

function byClass(
  { records }: ClusterSnapshotDeps,
  now: Milliseconds,
): ClusterSnapshot["hourByClass"] {
  const hours = [...records.historyByClass()].map(([workClass, history]) => {
    const points = historyPoints(history, now);
    return [workClass, points.map(({ calls, queuedP95Ms }) => ({ calls, queuedP95Ms }))] as const;
  });
  return Object.fromEntries(hours.filter(([, hour]) => hour.some(({ calls }) => calls > 0)));
}

const failoverOf = (one: Failover): FailoverSnapshot => ({
  ...{ at: one.at.toISOString(), callId: one.callId, turnId: one.turnId, answerId: one.answerId },
  class: one.class,
  ...{ model: one.model, nodeId: one.nodeId, reason: one.reason, kind: one.kind },
  ...{ afterMs: one.afterMs, toNodeId: one.toNodeId, movedMs: one.movedMs },
  ...{ flowsMs: one.flowsMs, outcome: one.outcome },
});

function queueOf({ records, ledger }: ClusterSnapshotDeps): QueueSnapshot {
  const byClass = records.waiting();
  return {
    waiting: Object.values(byClass).reduce((sum, count) => sum + count, 0),
    byClass,
    longestWaitMs: Math.round(records.longestWaitMs(workClasses)),
    expectedMs: ledger.tailMs("chat", "interactive"),
  };
}
