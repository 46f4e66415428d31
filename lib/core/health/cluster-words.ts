import type { DegradationLevel } from "../resilience/degradation.ts";
import type { OpenReason } from "../resilience/circuit-breaker.ts";
import type { NodeSnapshot, QueueSnapshot } from "./cluster-snapshot.ts";
import { slowAnswerMs, type NodeHealth, type NodeStatus } from "./node-health.ts";

const openWords: Readonly<Record<OpenReason, string>> = {
  refused: "It refused a connection.",
  unreachable: "It did not answer twice in a row.",
  "failures-in-a-row": "Five requests failed there in a row.",
  "failure-share": "At least half of the requests of a minute failed there, five or more.",
};

/** Why a node has its status, for an admin. */
export function whyWords(status: NodeStatus, health: NodeHealth): string {
  switch (status.kind) {
    case "available":
      return health.breaker.state.kind === "closed"
        ? ""
        : "Failed requests would take it out, but half of the nodes are away: it goes on.";
    case "degraded":
      return status.reason === "slow-version"
        ? `It answers, but takes longer than ${String(slowAnswerMs / 1000)} s for its version.`
        : "It answers, but is slow to list its models: one of them may have stopped.";
    case "draining":
      return "An admin drains it: it finishes what it has and takes nothing new.";
    case "ejected":
      return openWords[health.breaker.reason ?? "failures-in-a-row"];
    case "unreachable":
      return health.reach === "unknown"
        ? "It has not answered yet."
        : openWords[health.breaker.reason === "refused" ? "refused" : "unreachable"];
    default:
      return status satisfies never;
  }
}

const levelWords: Readonly<Record<DegradationLevel, string>> = {
  0: "",
  1: "Answers are at most 1,024 tokens long.",
  2: "The smallest model answers; suggestions and titles are off.",
  3: "Only high-priority requests run; the others wait.",
};

export function degradationWords(level: DegradationLevel, reason: "wait" | "nodes" | null): string {
  if (level === 0 || reason === null) return "";
  const cause = reason === "wait" ? "People wait too long." : "Too many nodes are away.";
  return `${cause} ${levelWords[level]}`;
}

const longWaitMs = 10_000;

/** What matters most now, in one sentence. */
export function clusterSummary(
  nodes: readonly Pick<NodeSnapshot, "id" | "status">[],
  queue: Pick<QueueSnapshot, "longestWaitMs" | "waiting">,
  level: DegradationLevel,
): string {
  const away = nodes.filter(({ status }) => status === "unreachable" || status === "ejected");
  const working = nodes.filter(({ status }) => status === "available" || status === "degraded");
  if (nodes.length === 0) return "There are no nodes yet. Add one.";
  if (working.length === 0) return "No node takes work. Questions wait until one is back.";
  if (away.length > 0) {
    const names = away.map(({ id }) => id).join(", ");
    return `${names} ${away.length === 1 ? "is" : "are"} away. The other ${String(working.length)} of ${String(nodes.length)} nodes serve everything.`;
  }
  if (queue.longestWaitMs >= longWaitMs)
    return `All nodes work, and people wait up to ${String(Math.round(queue.longestWaitMs / 1000))} s.`;
  if (level > 0) return "All nodes work. Drover is still cutting back after a rush.";
  const slow = nodes.filter(({ status }) => status === "degraded");
  if (slow.length > 0) return `${slow.map(({ id }) => id).join(", ")}: slow to answer.`;
  return "All nodes work and nobody waits long.";
}
