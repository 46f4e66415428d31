import { afterEnd, afterGrant, noFigures, type NodeFigures } from "../balancing/node-figures.ts";
import { slotsOf, type NodeCapacity } from "../balancing/node-view.ts";
import { takesWork } from "../health/node-health.ts";
import type { Milliseconds } from "../time/milliseconds.ts";
import type { SlotUse } from "./bulkheads.ts";
import { isOn, remainingMs, slotUse, type HeldLease } from "./leases.ts";
import { factsOf, predictService, type NodeFacts } from "./predicted-service.ts";
import { createPrefixIndex } from "./prefix-index.ts";
import type { LaterNode, Pair } from "./pull.ts";
import { createResidency } from "./residency.ts";
import type { Grant, Waiter } from "./waiter.ts";
import type { WorkKind } from "./work-class.ts";

/** How work under a lease ended. */
export interface CallEnd {
  /** The node goes on working on it for so long: the slot stays taken. */
  readonly bookedMs?: number;
  readonly failed?: boolean;
  /** From the lease to the first item. */
  readonly firstItemMs?: number;
  /** What the node counted, for the share of the client. */
  readonly counted?: { readonly promptTokens: number; readonly outputTokens: number };
}

// An engine keeps prompts that left its slots in host memory; how many is not told, so a few are assumed (routing.md section 0).
const assumedHostCache = 8;

/** The nodes with what runs on them and what they hold, as far as decisions need it. */
export class ClusterView {
  readonly #leases: ReadonlyMap<string, HeldLease>;
  readonly #hostCachedPrompts: number;
  readonly #prefixes = createPrefixIndex();
  readonly #residency = createResidency();
  readonly #figures = new Map<string, NodeFigures>();
  #facts: readonly NodeFacts[] = [];
  #working: readonly NodeFacts[] = [];

  constructor(leases: ReadonlyMap<string, HeldLease>, hostCachedPrompts = assumedHostCache) {
    this.#leases = leases;
    this.#hostCachedPrompts = hostCachedPrompts;
  }

  setNodes(nodes: readonly NodeCapacity[]): void {
    this.#facts = factsOf(nodes);
    this.#working = this.#facts.filter(({ node }) => takesWork(node.status));
  }

  /** Nodes that take new work. */
  working(): readonly NodeFacts[] {
    return this.#working;
  }

  inFlight(nodeId: string, kind: WorkKind): number {
    let count = 0;
    for (const lease of this.#leases.values()) if (isOn(lease, nodeId, kind)) count += 1;
    return count;
  }

  hasFreeSlot(kind: WorkKind): boolean {
    return this.#working.some(({ node }) => this.inFlight(node.id, kind) < slotsOf(node, kind));
  }

  slotUse(kind: WorkKind): SlotUse {
    const nodes = this.#working.map(({ node }) => node);
    return slotUse(this.#leases.values(), nodes, (node) => slotsOf(node, kind), kind);
  }

  /** The nodes that have the model in memory; where none has it, those that may load it: one cold load a node at a time. */
  placesFor(waiter: Waiter, now: Milliseconds): readonly Pair[] {
    const all = this.#serving(waiter);
    const warm = all.filter((node) => this.#residency.isResident(node, waiter.model, now));
    if (warm.length > 0) return warm.map((node) => this.#pairOf(waiter, node, true));
    return all
      .filter(({ node }) => !this.#loadsNow(node.id))
      .map((node) => this.#pairOf(waiter, node, false));
  }

  /** Nodes that may take the waiter now; slow ones only when there is no other. */
  freeFor(waiter: Waiter, now: Milliseconds): readonly Pair[] {
    const free = this.placesFor(waiter, now).filter(isFree);
    const available = free.filter(isAvailable);
    return available.length > 0 ? available : free;
  }

  /** Full nodes that serve it. */
  laterFor(waiter: Waiter, now: Milliseconds): readonly LaterNode[] {
    return this.placesFor(waiter, now)
      .filter((pair) => !isFree(pair) && isAvailable(pair))
      .map(({ candidate }) => ({ id: candidate.node.id, totalMs: candidate.predictedMs }));
  }

  /** Time until each slot of the node is free, ms; 0 = free now. */
  slotTimes(nodeId: string, kind: WorkKind, now: Milliseconds): readonly number[] {
    const node = this.#facts.find((one) => one.node.id === nodeId)?.node;
    const slots = node === undefined ? 0 : slotsOf(node, kind);
    const taken = [...this.#leases.values()]
      .filter((lease) => isOn(lease, nodeId, kind))
      .map((lease) => remainingMs(lease, now));
    return [...taken, ...Array<number>(Math.max(slots - taken.length, 0)).fill(0)];
  }

  granted({ nodeId, waiter, predicted }: Grant, number: number, now: Milliseconds): void {
    this.#figures.set(nodeId, afterGrant(this.#figuresOf(nodeId), number, now));
    const slots = this.#facts.find(({ node }) => node.id === nodeId)?.node.slots ?? 1;
    const place = `${nodeId} ${waiter.model}`;
    if (predicted.loadMs > 0) this.#prefixes.forget(place);
    this.#prefixes.remember(place, waiter.prefix, slots + this.#hostCachedPrompts);
  }

  begun({ nodeId, waiter }: Grant, now: Milliseconds): void {
    this.#residency.seen(nodeId, waiter.model, now);
  }

  ended({ nodeId }: Grant, end: CallEnd, now: Milliseconds): void {
    this.#figures.set(nodeId, afterEnd(this.#figuresOf(nodeId), end, now));
  }

  #figuresOf(nodeId: string): NodeFigures {
    return this.#figures.get(nodeId) ?? noFigures;
  }

  #serving({ model, avoidNodeIds }: Waiter): readonly NodeFacts[] {
    const all = this.#working.filter(({ models }) => models.has(model));
    if (avoidNodeIds.length === 0) return all;
    // A node that failed this request is better than none; its ejection keeps the two from going round in circles.
    const others = all.filter(({ node }) => !avoidNodeIds.includes(node.id));
    return others.length > 0 ? others : all;
  }

  #loadsNow(nodeId: string): boolean {
    for (const { grant, hasBegun, isBooked } of this.#leases.values())
      if (grant.nodeId === nodeId && grant.predicted.loadMs > 0 && !hasBegun && !isBooked)
        return true;
    return false;
  }

  #pairOf(waiter: Waiter, facts: NodeFacts, isResident: boolean): Pair {
    const { node } = facts;
    const cached = this.#prefixes.cachedBlocks(`${node.id} ${waiter.model}`, waiter.prefix);
    const predicted = predictService(waiter, facts, isResident, cached);
    const candidate = {
      node,
      inFlight: this.inFlight(node.id, waiter.kind),
      slots: slotsOf(node, waiter.kind),
      predictedMs: predicted.totalMs,
      ...this.#figuresOf(node.id),
    };
    return { waiter, candidate, predicted };
  }
}

const isFree = ({ candidate }: Pair): boolean => candidate.inFlight < candidate.slots;

const isAvailable = ({ candidate }: Pair): boolean => candidate.node.status.kind === "available";
