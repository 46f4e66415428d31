import type { NodeCapacity } from "../balancing/node-view.ts";
import type { Milliseconds } from "../time/milliseconds.ts";
import type { SlotUse } from "./bulkheads.ts";
import type { Grant } from "./waiter.ts";
import { isBulk, type WorkKind } from "./work-class.ts";

/** A slot that is taken. */
export interface HeldLease {
  readonly grant: Grant;
  readonly grantedAt: Milliseconds;
  /** When it should be over by prediction. */
  readonly endsAt: number;
  /** The first item has come: it gives way to nobody any more. */
  readonly hasBegun: boolean;
  readonly yielding: boolean;
  /** The caller has left; the node still works on it. */
  readonly isBooked: boolean;
}

// Work that has outlasted its prediction needs some more time, in parts of the whole.
const restWhenLate = 0.3;

/** Time until the slot is free, by prediction. */
export function remainingMs({ grantedAt, endsAt, isBooked }: HeldLease, now: number): number {
  const left = endsAt - now;
  return left > 0 || isBooked ? Math.max(left, 0) : restWhenLate * (endsAt - grantedAt);
}

export const isOn = (lease: HeldLease, nodeId: string, kind: WorkKind): boolean =>
  lease.grant.nodeId === nodeId && lease.grant.waiter.kind === kind;

/** Slots of a kind on these nodes, and who holds them. */
export function slotUse(
  leases: Iterable<HeldLease>,
  nodes: readonly NodeCapacity[],
  slotsOf: (node: NodeCapacity) => number,
  kind: WorkKind,
): SlotUse {
  const ids = new Set(nodes.map((node) => node.id));
  let inUse = 0;
  let bulkInUse = 0;
  let interactiveInUse = 0;
  for (const { grant } of leases) {
    if (grant.waiter.kind !== kind || !ids.has(grant.nodeId)) continue;
    inUse += 1;
    if (isBulk(grant.waiter.class)) bulkInUse += 1;
    if (grant.waiter.class === "interactive") interactiveInUse += 1;
  }
  const slots = nodes.reduce((sum, node) => sum + slotsOf(node), 0);
  return { slots, inUse, bulkInUse, interactiveInUse };
}
