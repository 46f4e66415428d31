import type { NodeCapacity } from "../core/balancing/node-view.ts";
import type { WaiterSummary } from "../core/scheduling/admission-order.ts";
import type { WorkKind } from "../core/scheduling/work-class.ts";

/** A request that waits for a slot: a summary only, so that several replicas can share one queue. */
export interface Waiter extends WaiterSummary {
  readonly id: string;
  readonly kind: WorkKind;
  readonly model: string;
  readonly client: string;
  readonly estimatedPromptTokens: number;
  /** Nodes where this request has just failed: taken again only when no other serves the model. */
  readonly avoidNodeIds: readonly string[];
}

/** Permission for one request on one node. */
export interface Lease {
  readonly id: string;
  readonly nodeId: string;
  readonly kind: WorkKind;
}

/** How work under a lease ended. */
export interface LeaseEnd {
  /** The node goes on working on it for so long: the slot stays taken. */
  readonly bookedMs?: number;
  /** The node failed: other nodes are preferred for a while. */
  readonly failed?: boolean;
  /** From the lease to the first item. */
  readonly firstItemMs?: number;
}

export interface QueuePlace {
  /** From 1. */
  readonly place: number;
  readonly waiting: number;
}

/** Who works where and who waits: leases never exceed a node's slots, and a freed slot takes the best waiter. */
export interface SlotLedger {
  /**
   * Waits in the admission queue for a slot on a node that has the model. An aborted waiter leaves at once with the signal's reason.
   * @throws AppError `cluster_saturated` when the queue is full.
   */
  acquire(waiter: Waiter, signal: AbortSignal): Promise<Lease>;
  /** Gives the slot back. Releasing twice changes nothing. */
  release(lease: Lease, end?: LeaseEnd): void;
  /** `null` when that request does not wait. */
  placeOf(waiterId: string): QueuePlace | null;
  /** Leases of a node now, booked ones included. */
  inFlight(nodeId: string, kind: WorkKind): number;
  /** What is known of the nodes changed. Leases stay as they are. */
  setNodes(nodes: readonly NodeCapacity[]): void;
}
