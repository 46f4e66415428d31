import type { NodeStatus } from "../health/node-health.ts";
import type { WorkKind } from "../scheduling/work-class.ts";
import type { Milliseconds } from "../time/milliseconds.ts";
import type { MeasuredRates } from "./rates.ts";

/** What balancing knows of a node. */
export interface NodeCapacity {
  readonly id: string;
  /** As balancing has to take it: soft verdicts are lifted already when most of the cluster is away. */
  readonly status: NodeStatus;
  /** Requests a chat model works on at the same time now: fewer than configured while a node starts slowly; embedding models always have one slot. */
  readonly slots: number;
  readonly weight: number;
  /** Full names of the models that may run there, e.g. `all-minilm:latest`. */
  readonly models: readonly string[];
  /** Of `models`, those in memory now. */
  readonly resident: readonly string[];
  /** Measured speed by full model name; what is absent has not been measured there. */
  readonly rates: Readonly<Record<string, MeasuredRates>>;
  /** Measured time to load a model, by full name, ms. */
  readonly loadMs: Readonly<Record<string, number>>;
  /** What the node's recent failures add to a predicted time, so that quick failures attract no work. */
  readonly penaltyMs: Milliseconds;
}

/** A node that may take the request now. */
export interface Candidate {
  readonly node: NodeCapacity;
  /** Leases of the request's kind, booked ones included. */
  readonly inFlight: number;
  readonly slots: number;
  /** Predicted time of this request there, from the slot to its end. */
  readonly predictedMs: number;
  readonly lastGrant: number;
  readonly recentGrants: number;
  readonly peakMs: number;
  readonly errorShare: number;
}

export const slotsOf = (node: NodeCapacity, kind: WorkKind): number =>
  kind === "embedding" ? 1 : node.slots;

/** Ollama matches names without regard to case, and a name without tag means `latest`. */
export function sameModel(one: string, other: string): boolean {
  return fullModelName(one) === fullModelName(other);
}

/** The one spelling of a model's name: lower case, with its tag. */
export function fullModelName(name: string): string {
  const lower = name.toLowerCase();
  const lastPart = lower.slice(lower.lastIndexOf("/") + 1);
  return lastPart.includes(":") ? lower : `${lower}:latest`;
}
