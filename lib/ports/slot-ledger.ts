import type { NodeCapacity } from "../core/balancing/node-view.ts";
import type { CallEnd } from "../core/scheduling/cluster-view.ts";
import type { Waiter } from "../core/scheduling/waiter.ts";
import type { WorkClass, WorkKind } from "../core/scheduling/work-class.ts";

export type { CallEnd } from "../core/scheduling/cluster-view.ts";
export type { Waiter } from "../core/scheduling/waiter.ts";

/** Permission for one request on one node. */
export interface Lease {
  readonly id: string;
  readonly nodeId: string;
  readonly kind: WorkKind;
  /** When the model has to be loaded first: predicted time of that, else 0. */
  readonly predictedLoadMs: number;
  /** Predicted time from here to the first token, load and uncached prompt. */
  readonly predictedFirstTokenMs: number;
  /** Aborts when this work is to give its slot to a person; never after its first item. It then goes back to the queue at its old age. */
  readonly yields: AbortSignal;
}

export interface QueuePlace {
  /** From 1. */
  readonly place: number;
  readonly waiting: number;
  /** Predicted time until its turn; `null` while no node serves it. */
  readonly expectedMs: number | null;
}

/** Who works where and who waits: leases never exceed a node's slots, and a freed slot takes the best waiter. */
export interface SlotLedger {
  /**
   * Waits in the admission queue for a slot on a node that has the model. An aborted waiter leaves at once with the signal's reason.
   * @throws AppError `cluster_saturated` when the queue is full.
   */
  acquire(waiter: Waiter, signal: AbortSignal): Promise<Lease>;
  /** The first item of the work came: its model is in memory, and its time is no longer a guess. */
  begun(lease: Lease): void;
  /** Gives the slot back. Releasing twice changes nothing. */
  release(lease: Lease, end?: CallEnd): void;
  /** Everyone who waits, in no order. */
  waiting(): readonly Waiter[];
  /** `null` when that request does not wait. */
  placeOf(waiterId: string): QueuePlace | null;
  /** Predicted wait of one more request at the end of its class's line, behind `more` that are on their way; `null` while no node takes work. */
  tailMs(kind: WorkKind, workClass: WorkClass, more?: number): number | null;
  /** Leases of a class now. */
  runningOf(kind: WorkKind, workClass: WorkClass): number;
  /** Leases of a node now, booked ones included. */
  inFlight(nodeId: string, kind: WorkKind): number;
  /** What is known of the nodes changed. Leases stay as they are. */
  setNodes(nodes: readonly NodeCapacity[]): void;
}
