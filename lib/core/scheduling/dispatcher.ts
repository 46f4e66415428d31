import type { BalancingPolicy } from "../balancing/policies.ts";
import { fullModelName, type NodeCapacity } from "../balancing/node-view.ts";
import type { Milliseconds } from "../time/milliseconds.ts";
import { mayTakeSlot } from "./bulkheads.ts";
import { oldestFirst } from "./by-age.ts";
import { scanLimit, type DispatcherState } from "./dispatcher-state.ts";
import { createClassShares, type ClassShares } from "./class-shares.ts";
import { createClientCounters, virtualTokens, type ClientCounters } from "./client-counters.ts";
import { ClusterView, type CallEnd } from "./cluster-view.ts";
import type { HeldLease } from "./leases.ts";
import { createNewcomers } from "./newcomers.ts";
import { pullBest, type Pair } from "./pull.ts";
import { yieldingLeases } from "./yielding.ts";
import { createWaitingLists } from "./waiting-lists.ts";
import type { Grant, Waiter } from "./waiter.ts";
import { workKinds, type ClassRules, type WorkClass, type WorkKind } from "./work-class.ts";

export interface DispatcherOptions {
  /** Asked at each decision, so that it can be changed while work waits. */
  readonly policy: () => BalancingPolicy;
  /** From 0 to below 1. */
  readonly chance: () => number;
  /** Asked at each decision; the figures of DESIGN.md where there are none. */
  readonly rules?: () => ClassRules;
  /** Classes that get no slot for now: they wait. */
  readonly isHeld?: (workClass: WorkClass) => boolean;
  /** Prompts that a node's engine keeps beside those in its slots. */
  readonly hostCachedPrompts?: number;
}

const rememberedYields = 1000;

/** How soon a decision is looked at again that left a slot free for someone who waits. */
export const lookAgainMs = 100;

/**
 * The one queue of the cluster: who waits, who works where, and who gets a slot next. Knows no clock and waits for nothing: each call says
 * when it is, and `grants` says what follows. The same code runs in the product and in the simulation.
 */
export class Dispatcher {
  readonly state: DispatcherState;
  readonly #options: DispatcherOptions;
  readonly #leases = new Map<string, HeldLease>();
  // Once is enough: what was begun for nothing must not begin for nothing again.
  readonly #haveYielded = new Set<string>();
  #granted = 0;
  #declined = false;

  constructor(options: DispatcherOptions) {
    this.#options = options;
    const { rules, isHeld = () => false } = options;
    const shares = { chat: createClassShares(rules), embedding: createClassShares(rules) };
    const newcomers = { chat: createNewcomers(), embedding: createNewcomers() };
    this.state = {
      lists: createWaitingLists(),
      leases: this.#leases,
      view: new ClusterView(this.#leases, options.hostCachedPrompts),
      shares: (kind) => shares[kind],
      clients: countersByClass(),
      newcomers: (kind) => newcomers[kind],
      isHeld,
    };
  }

  enter(given: Waiter, now: Milliseconds): void {
    const waiter = { ...given, model: fullModelName(given.model) };
    const { lists, clients, shares, newcomers } = this.state;
    lists.add(waiter);
    newcomers(waiter.kind).entered(waiter, now);
    clients(waiter.kind, waiter.class).entered(waiter.client);
    shares(waiter.kind).began(waiter.class, now);
  }

  /** False when it did not wait. */
  leave(waiterId: string): boolean {
    const { lists, clients, shares } = this.state;
    const waiter = lists.remove(waiterId);
    if (waiter === undefined) return false;
    const { kind } = waiter;
    clients(kind, waiter.class).left(waiter.client);
    if (lists.of(kind, waiter.class).length === 0) shares(kind).ended(waiter.class);
    return true;
  }

  /** Everything that gets a slot at this moment; to be asked after every other call, and `lookAgainMs` after slots declined. */
  grants(now: Milliseconds): readonly Grant[] {
    const { lists, view } = this.state;
    const made: Grant[] = [];
    this.#declined = false;
    for (const kind of workKinds) {
      while (lists.count(kind) > 0 && view.hasFreeSlot(kind)) {
        const pair = nextPair(this.state, this.#options, kind, now);
        this.#declined ||= pair === undefined;
        if (pair === undefined) break;
        made.push(this.#grant(pair, now));
      }
    }
    return made;
  }

  /** True while a free slot and a waiter were left over by the last `grants`. */
  hasDeclined(): boolean {
    return this.#declined;
  }

  /** The first item came: the lease no longer yields, and its model is in memory. */
  begun(leaseId: string, now: Milliseconds): void {
    const lease = this.#leases.get(leaseId);
    if (lease === undefined || lease.hasBegun) return;
    this.#leases.set(leaseId, { ...lease, hasBegun: true });
    this.state.view.begun(lease.grant, now);
  }

  /** False when it had ended already. With `bookedMs` the slot stays taken until `free`. */
  end(leaseId: string, end: CallEnd, now: Milliseconds): boolean {
    const lease = this.#leases.get(leaseId);
    if (lease === undefined || lease.isBooked) return false;
    this.state.view.ended(lease.grant, end, now);
    this.#correct(lease.grant.waiter, end);
    const { bookedMs = 0 } = end;
    if (bookedMs <= 0) return this.#leases.delete(leaseId);
    this.#leases.set(leaseId, { ...lease, isBooked: true, endsAt: now + bookedMs });
    return true;
  }

  /** Gives a booked slot back. */
  free(leaseId: string): boolean {
    return this.#leases.delete(leaseId);
  }

  runningOf(kind: WorkKind, workClass: WorkClass): number {
    let count = 0;
    for (const { grant, isBooked } of this.#leases.values())
      if (!isBooked && grant.waiter.kind === kind && grant.waiter.class === workClass) count += 1;
    return count;
  }

  setNodes(nodes: readonly NodeCapacity[]): void {
    this.state.view.setNodes(nodes);
  }

  inFlight(nodeId: string, kind: WorkKind): number {
    return this.state.view.inFlight(nodeId, kind);
  }

  /**
   * Bulk chat leases that give way to interactive work that waits now, each named once: they have not given a first item yet, and more prefill
   * is left than the node takes to let go.
   */
  yields(now: Milliseconds): readonly string[] {
    const { lists } = this.state;
    const waiting = lists.of("chat", "interactive");
    const promised = [...this.#leases.values()].filter((lease) => lease.yielding).length;
    const yielding = yieldingLeases(this.state, waiting, now)
      .filter(({ grant }) => !this.#haveYielded.has(grant.waiter.id))
      .slice(0, Math.max(waiting.length - promised, 0));
    for (const lease of yielding) {
      this.#leases.set(lease.grant.leaseId, { ...lease, yielding: true });
      this.#haveYielded.add(lease.grant.waiter.id);
    }
    for (const oldest of this.#haveYielded) {
      if (this.#haveYielded.size <= rememberedYields) break;
      this.#haveYielded.delete(oldest);
    }
    return yielding.map(({ grant }) => grant.leaseId);
  }

  /** A client is charged what its work cost, not what was predicted. */
  #correct(waiter: Waiter, { counted }: CallEnd): void {
    if (counted === undefined) return;
    const predicted = virtualTokens(waiter.promptTokens, waiter.outputTokens);
    const real = virtualTokens(counted.promptTokens, counted.outputTokens);
    this.state.clients(waiter.kind, waiter.class).charged(waiter.client, real - predicted);
  }

  #grant({ waiter, candidate, predicted }: Pair, now: Milliseconds): Grant {
    this.#granted += 1;
    const { clients, shares, view } = this.state;
    const { kind } = waiter;
    const leaseId = `lease-${String(this.#granted)}`;
    const grant = { leaseId, waiter, nodeId: candidate.node.id, predicted };
    const endsAt = now + predicted.totalMs;
    const flags = { hasBegun: false, yielding: false, isBooked: false };
    this.#leases.set(leaseId, { grant, grantedAt: now, endsAt, ...flags });
    const tokens = virtualTokens(waiter.promptTokens, waiter.outputTokens);
    clients(kind, waiter.class).charged(waiter.client, tokens);
    shares(kind).granted(waiter.class, predicted.totalMs, now - waiter.since, now);
    this.leave(waiter.id);
    view.granted(grant, this.#granted, now);
    return grant;
  }
}

function countersByClass(): DispatcherState["clients"] {
  const counters = new Map<string, ClientCounters>();
  return (kind, workClass) => {
    const key = `${kind} ${workClass}`;
    const known = counters.get(key) ?? createClientCounters();
    counters.set(key, known);
    return known;
  };
}

/** Who gets a slot next: the classes by their shares, in a class whom the policy prefers. */
function nextPair(
  { lists, view, shares, clients, isHeld }: DispatcherState,
  { policy, chance }: DispatcherOptions,
  kind: WorkKind,
  now: Milliseconds,
): Pair | undefined {
  const use = view.slotUse(kind);
  const { pulls, choose } = policy();
  const among = lists.classes(kind).filter((workClass) => !isHeld(workClass));
  for (const workClass of classOrder(shares(kind), among, kind, now)) {
    if (!mayTakeSlot(workClass, kind, use)) continue;
    const pullView = {
      now,
      waiters: lists.of(kind, workClass).slice(0, scanLimit),
      clients: clients(kind, workClass),
      ageLimitMs: shares(kind).ageLimitMs(workClass),
      mayDecline: !shares(kind).isStarved(workClass, now),
      freeFor: (waiter: Waiter) => view.freeFor(waiter, now),
      laterFor: (waiter: Waiter) => view.laterFor(waiter, now),
      slotTimes: (nodeId: string) => view.slotTimes(nodeId, kind, now),
    };
    const pair = pulls ? pullBest(pullView) : oldestFirst(pullView, choose, chance());
    if (pair !== undefined) return pair;
  }
  return undefined;
}

/** A question's embedding goes first at every boundary, unless another class has starved. */
function classOrder(
  shares: ClassShares,
  among: readonly WorkClass[],
  kind: WorkKind,
  now: Milliseconds,
): readonly WorkClass[] {
  const order = shares.order(among, now);
  if (kind === "chat" || !order.includes("interactive")) return order;
  const starved = order.filter((workClass) => shares.isStarved(workClass, now));
  return [...new Set<WorkClass>([...starved, "interactive", ...order])];
}
