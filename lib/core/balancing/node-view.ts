import type { NodeStatus } from "../health/node-health.ts";
import type { WorkKind } from "../scheduling/work-class.ts";

/** What balancing knows of a node. */
export interface NodeCapacity {
  readonly id: string;
  readonly status: NodeStatus;
  /** Requests a chat model works on at the same time; embedding models always have one slot. */
  readonly slots: number;
  readonly weight: number;
  /** Full names of the models that may run there, e.g. `all-minilm:latest`. */
  readonly models: readonly string[];
}

/** A node that may take the request now. `inFlight` counts leases of the request's kind, booked ones included. */
export interface Candidate {
  readonly node: NodeCapacity;
  readonly inFlight: number;
  readonly slots: number;
}

export const slotsOf = (node: NodeCapacity, kind: WorkKind): number =>
  kind === "embedding" ? 1 : node.slots;

/** Ollama matches names without regard to case, and a name without tag means `latest`. */
export function sameModel(one: string, other: string): boolean {
  return withTag(one) === withTag(other);
}

function withTag(name: string): string {
  const lower = name.toLowerCase();
  const lastPart = lower.slice(lower.lastIndexOf("/") + 1);
  return lastPart.includes(":") ? lower : `${lower}:latest`;
}
