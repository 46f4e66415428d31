import type { DegradationLevel } from "../resilience/degradation.ts";
import type { OpenReason } from "../resilience/circuit-breaker.ts";
import type { ClusterProblem, NodeSnapshot } from "./cluster-snapshot.ts";
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

/** From here on people wait long. */
export const longWaitMs = 10_000;
const mostNames = 3;

/** `a`, `a, b`, or the first three and how many more. */
const someOf = (names: readonly string[]): string =>
  names.length <= mostNames + 1
    ? names.join(", ")
    : `${names.slice(0, mostNames).join(", ")} and ${String(names.length - mostNames)} more`;

/**
 * What matters most now, in one sentence.
 * @param strain `peopleWaitMs`: the longest that a person's request waits now
 */
export function clusterSummary(
  nodes: readonly Pick<NodeSnapshot, "id" | "status">[],
  strain: {
    readonly peopleWaitMs: number;
    readonly level: DegradationLevel;
    readonly problems: readonly Pick<ClusterProblem, "nodeIds">[];
  },
): string {
  const { peopleWaitMs, level, problems } = strain;
  const away = nodes.filter(({ status }) => status === "unreachable" || status === "ejected");
  const working = nodes.filter(({ status }) => status === "available" || status === "degraded");
  if (nodes.length === 0) return "There are no nodes yet. Add one.";
  if (nodes.every(({ status }) => status === "draining"))
    return "Every node is drained. Questions wait until you resume one.";
  if (working.length === 0) return "No node takes work. Questions wait until one is back.";
  if (away.length > 0) {
    const names = someOf(away.map(({ id }) => id));
    return `${names} ${away.length === 1 ? "is" : "are"} away. The other ${String(working.length)} of ${String(nodes.length)} nodes serve everything.`;
  }
  if (peopleWaitMs >= longWaitMs)
    return `All nodes work, and people wait up to ${String(Math.round(peopleWaitMs / 1000))} s.`;
  if (level > 0) return "All nodes work. Drover is still cutting back after a rush.";
  const slow = nodes.filter(({ status }) => status === "degraded");
  if (slow.length > 0) return `${someOf(slow.map(({ id }) => id))}: slow to answer.`;
  const others = [...new Set(problems.flatMap(({ nodeIds }) => nodeIds))];
  if (others.length > 0) return `All nodes work, but look at ${someOf(others)}.`;
  return "All nodes work and nobody waits long.";
}
