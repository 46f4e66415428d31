import { fullModelName } from "../balancing/node-view.ts";
import type { OpenReason } from "../resilience/circuit-breaker.ts";
import type { ClusterProblem, NodeModelSnapshot } from "./cluster-snapshot.ts";
import type { NodeHealth, NodeStatus } from "./node-health.ts";

/** What is known of a node that may be a problem. */
export interface SuspectNode {
  readonly id: string;
  readonly status: NodeStatus;
  readonly health: NodeHealth;
  /** Not asked yet = none. */
  readonly models: readonly Pick<NodeModelSnapshot, "name" | "isShared">[];
  readonly isAsked: boolean;
}

type Finding = Omit<ClusterProblem, "nodeIds">;

/**
 * What an admin should look at, the worst first: nodes with the same trouble together, each with the next step.
 * @param models that Drover answers and searches with
 */
export function clusterProblems(
  nodes: readonly SuspectNode[],
  models: readonly string[],
): readonly ClusterProblem[] {
  const found = new Map<string, { readonly finding: Finding; readonly nodeIds: string[] }>();
  for (const node of nodes)
    for (const finding of findingsOf(node, models)) {
      const key = `${finding.what} ${finding.next}`;
      const known = found.get(key) ?? { finding, nodeIds: [] };
      known.nodeIds.push(node.id);
      found.set(key, known);
    }
  return [...found.values()]
    .map(({ finding, nodeIds }) => ({ ...finding, nodeIds }))
    .sort((one, other) => Number(other.tone === "bad") - Number(one.tone === "bad"));
}

function findingsOf(node: SuspectNode, models: readonly string[]): readonly Finding[] {
  const { status, health } = node;
  if (status.kind === "draining") return [];
  const own = nodeFinding(status, health);
  if (own !== null) return [own];
  return node.isAsked ? models.flatMap((name) => modelFinding(node, name)) : [];
}

const failing = {
  next: "Read the log of Ollama there. It is tried again by itself; its menu does so at once.",
} as const;

/** `null` = nothing is wrong with it. */
function nodeFinding(status: NodeStatus, { reach, breaker }: NodeHealth): Finding | null {
  switch (status.kind) {
    case "draining":
      return null;
    case "available":
      return breaker.state.kind === "closed"
        ? null
        : {
            ...failing,
            tone: "warning",
            what: "Requests fail there; it goes on only because half of the nodes are away.",
          };
    case "degraded":
      return status.reason === "slow-version"
        ? {
            tone: "warning",
            what: "Slow to answer.",
            next: "Look what else runs on its machine, or give it fewer slots.",
          }
        : {
            tone: "warning",
            what: "Slow to list its models: one of them may have stopped.",
            next: "If this does not pass within a minute, restart Ollama there.",
          };
    case "ejected":
      return { ...failing, tone: "bad", what: "Requests fail there." };
    case "unreachable":
      return { tone: "bad", ...awayWords(reach, breaker.reason) };
    default:
      return status satisfies never;
  }
}

function awayWords(
  reach: NodeHealth["reach"],
  reason: OpenReason | null,
): Pick<Finding, "what" | "next"> {
  if (reach === "unknown")
    return {
      what: "Never answered.",
      next: "Is the address right, and does Ollama listen to other machines there (OLLAMA_HOST)?",
    };
  if (reason === "refused")
    return {
      what: "Refuses connections: Ollama does not run there.",
      next: "Start it. The node is taken back within seconds.",
    };
  return {
    what: "No answer.",
    next: "Is the machine on, and can it be reached from here? Then restart Ollama there.",
  };
}

function modelFinding({ models }: SuspectNode, name: string): readonly Finding[] {
  const full = fullModelName(name);
  const model = models.find((installed) => fullModelName(installed.name) === full);
  if (model === undefined)
    return [
      {
        tone: "warning",
        what: `Lacks ${name} and gets no requests for it.`,
        next: "Install it: Models in its menu.",
      },
    ];
  if (model.isShared) return [];
  return [
    {
      tone: "warning",
      what: `Has another version of ${name} than most nodes and gets no requests for it.`,
      next: "Bring Ollama and the model there to what the others have.",
    },
  ];
}
