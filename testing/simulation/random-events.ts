import type { NodeCapacity } from "#lib/core/balancing/node-view.ts";
import { policies, type PolicyName } from "#lib/core/balancing/policies.ts";
import { Dispatcher, lookAgainMs } from "#lib/core/scheduling/dispatcher.ts";
import { mayTakeSlot } from "#lib/core/scheduling/bulkheads.ts";
import type { Grant, Waiter } from "#lib/core/scheduling/waiter.ts";
import {
  classRules,
  workClasses,
  workKinds,
  type WorkClass,
  type WorkKind,
} from "#lib/core/scheduling/work-class.ts";
import { milliseconds } from "#lib/core/time/milliseconds.ts";
import { createAgenda } from "./agenda.ts";
import { createChance, type Chance } from "./chance.ts";

/** What a run of random events came to. */
export interface RandomRun {
  /** Broken promises in words; empty when all held. */
  readonly faults: readonly string[];
  /** Everything that happened, in order: equal for equal seeds. */
  readonly log: readonly string[];
  readonly accepted: number;
}

type Event =
  | { readonly kind: "ask" }
  | { readonly kind: "flap" }
  | { readonly kind: "yield" }
  | { readonly kind: "begin"; readonly grant: Grant }
  | { readonly kind: "finish"; readonly grant: Grant }
  | { readonly kind: "free"; readonly grant: Grant }
  | { readonly kind: "leave"; readonly id: string }
  | { readonly kind: "look" };

const models = ["chat:a", "chat:b", "chat:c", "embed:latest"];
const jobsPerRun = 60;

/**
 * Nodes that die, come back, slow down and change what they hold; requests of every class that fail, are given up, yield or end; slots
 * that stay booked. Everything is drawn from the seed.
 */
export function runRandomEvents(seed: number): RandomRun {
  const world = createWorld(createChance(seed));
  for (let next = world.agenda.next(); next !== undefined; next = world.agenda.next())
    world.happen(next.event, next.at);
  world.finish();
  return { faults: world.faults, log: world.log, accepted: world.accepted() };
}

function createWorld(chance: Chance) {
  const names = Object.keys(policies) as PolicyName[];
  let policy: PolicyName = names[chance.below(names.length)]!;
  const dispatcher = new Dispatcher({ policy: () => policies[policy], chance: chance.next });
  const agenda = createAgenda<Event>();
  const nodes = Array.from({ length: 1 + chance.below(5) }, (_, index) => newNode(index, chance));
  const faults: string[] = [];
  const log: string[] = [];
  const ends = new Map<string, number>();
  const watch = createStarvationWatch(dispatcher, faults);
  let accepted = 0;
  let looking = false;

  const tell = (): void => {
    dispatcher.setNodes(nodes);
  };
  const end = (id: string): void => void ends.set(id, (ends.get(id) ?? 0) + 1);
  const flap = (): void => {
    const index = chance.below(nodes.length);
    nodes[index] = changedNode(nodes[index]!, chance);
    if (chance.next() < 0.1) policy = names[chance.below(names.length)]!;
  };
  const ask = (at: number): void => {
    accepted += 1;
    const waiter = newWaiter(String(accepted), at, chance);
    dispatcher.enter(waiter, milliseconds(at));
    if (chance.next() < 0.15)
      agenda.add(at + chance.exponential(3000), { kind: "leave", id: waiter.id });
  };
  const finish = ({ leaseId, waiter, nodeId }: Grant, at: number): void => {
    const outcome = chance.next();
    const failed = outcome < 0.15;
    const bookedMs = outcome > 0.9 ? 300 : 0;
    if (!dispatcher.end(leaseId, { failed, bookedMs }, milliseconds(at))) return;
    if (bookedMs > 0)
      agenda.add(at + bookedMs, { kind: "free", grant: { leaseId, waiter, nodeId } as Grant });
    if (!failed) end(waiter.id);
    else dispatcher.enter({ ...waiter, avoidNodeIds: [nodeId] }, milliseconds(at));
  };
  const dispatch = (at: number): void => {
    for (const grant of dispatcher.grants(milliseconds(at))) {
      log.push(`${Math.round(at)} ${grant.waiter.id} ${grant.nodeId}`);
      watch.granted(grant, at);
      const lasts = 20 + Math.min(chance.exponential(600), 3000);
      agenda.add(at + lasts / 2, { kind: "begin", grant });
      agenda.add(at + lasts, { kind: "finish", grant });
    }
    for (const leaseId of dispatcher.yields(milliseconds(at))) {
      const lease = dispatcher.state.leases.get(leaseId);
      if (lease === undefined || lease.hasBegun) faults.push(`${leaseId} yields too late`);
      else if (dispatcher.end(leaseId, {}, milliseconds(at))) {
        dispatcher.enter(lease.grant.waiter, milliseconds(at));
        agenda.add(at, { kind: "yield" });
      }
    }
    if (!dispatcher.hasDeclined() || looking || agenda.isEmpty()) return;
    looking = true;
    agenda.add(at + lookAgainMs, { kind: "look" });
  };

  tell();
  for (let index = 0; index < jobsPerRun; index += 1)
    agenda.add(chance.next() * 20_000, { kind: "ask" });
  for (let index = 0; index < 12; index += 1) agenda.add(chance.next() * 25_000, { kind: "flap" });

  const act = (event: Event, at: number): void => {
    switch (event.kind) {
      case "ask":
        ask(at);
        return;
      case "flap":
        flap();
        tell();
        return;
      case "begin":
        dispatcher.begun(event.grant.leaseId, milliseconds(at));
        return;
      case "finish":
        finish(event.grant, at);
        return;
      case "free":
        if (!dispatcher.free(event.grant.leaseId)) faults.push("a booked slot was free already");
        return;
      case "leave":
        if (dispatcher.leave(event.id)) end(event.id);
        return;
      case "look":
        looking = false;
        return;
      case "yield":
        return;
      default:
        event satisfies never;
    }
  };
  const checkSlots = (): void => {
    for (const { id } of nodes)
      for (const kind of workKinds)
        if (dispatcher.inFlight(id, kind) > (kind === "chat" ? mostSlots(id) : 1))
          faults.push(`${id} works on more than its slots`);
  };
  const mostSlots = (id: string): number => Number(id.split("-")[1]);

  return {
    agenda,
    faults,
    log,
    accepted: () => accepted,
    happen(event: Event, at: number): void {
      act(event, at);
      watch.waiting(at);
      dispatch(at);
      checkSlots();
    },
    /** Every node back: whoever still waits gets a slot. */
    finish(): void {
      let at = 100_000;
      for (const [index, node] of nodes.entries())
        nodes[index] = { ...node, status: { kind: "available" }, models, resident: models };
      tell();
      for (let round = 0; round < 500 && dispatcher.state.lists.all().length > 0; round += 1) {
        at += 1000;
        for (const { leaseId, waiter } of dispatcher.grants(milliseconds(at))) {
          dispatcher.end(leaseId, {}, milliseconds(at));
          end(waiter.id);
        }
      }
      for (let id = 1; id <= accepted; id += 1)
        if (ends.get(String(id)) !== 1)
          faults.push(`${id} ended ${ends.get(String(id)) ?? 0} times`);
      if (dispatcher.state.leases.size > 0) faults.push("a lease is left");
    },
  };
}

/** A class past its bound gets the next slot it may take, after at most the other classes that are past theirs. */
function createStarvationWatch(dispatcher: Dispatcher, faults: string[]) {
  const passedOver = new Map<string, number>();
  const starved = new Set<string>();
  const key = (kind: WorkKind, workClass: WorkClass): string => `${kind} ${workClass}`;
  return {
    waiting(at: number): void {
      starved.clear();
      for (const kind of workKinds)
        for (const workClass of workClasses)
          if (dispatcher.state.shares(kind).isStarved(workClass, milliseconds(at)))
            starved.add(key(kind, workClass));
    },
    granted({ waiter, nodeId }: Grant, at: number): void {
      const { lists, view } = dispatcher.state;
      passedOver.delete(key(waiter.kind, waiter.class));
      starved.delete(key(waiter.kind, waiter.class));
      for (const workClass of workClasses) {
        const own = key(waiter.kind, workClass);
        const couldTake = lists
          .of(waiter.kind, workClass)
          .slice(0, 1)
          .some((other) =>
            view
              .placesFor(other, milliseconds(at))
              .some(({ candidate }) => candidate.node.id === nodeId),
          );
        if (!starved.has(own) || !couldTake) continue;
        if (!mayTakeSlot(workClass, waiter.kind, view.slotUse(waiter.kind))) continue;
        const count = (passedOver.get(own) ?? 0) + 1;
        passedOver.set(own, count);
        if (count > Object.keys(classRules).length)
          faults.push(`${own} starved at ${Math.round(at)} for ${waiter.id}`);
      }
    },
  };
}

function newNode(index: number, chance: Chance): NodeCapacity {
  const slots = 1 + chance.below(4);
  return {
    id: `${index}-${slots}`,
    status: { kind: "available" },
    slots,
    weight: 1 + chance.below(3),
    models,
    resident: models.filter(() => chance.next() < 0.7),
    rates: { "chat:a": { prefillPerSecond: 50 + 400 * chance.next(), decodePerSecond: 20 } },
    loadMs: {},
    penaltyMs: milliseconds(0),
  };
}

function changedNode(node: NodeCapacity, chance: Chance): NodeCapacity {
  const most = Number(node.id.split("-")[1]);
  const statuses: readonly NodeCapacity["status"][] = [
    { kind: "available" },
    { kind: "available" },
    { kind: "degraded", reason: "slow-version" },
    { kind: "draining" },
    { kind: "unreachable" },
  ];
  return {
    ...node,
    status: statuses[chance.below(statuses.length)]!,
    slots: 1 + chance.below(most),
    resident: models.filter(() => chance.next() < 0.7),
    penaltyMs: milliseconds(chance.next() < 0.2 ? 5000 : 0),
  };
}

function newWaiter(id: string, at: number, chance: Chance): Waiter {
  const isChat = chance.next() < 0.7;
  const talk = chance.below(8);
  return {
    id,
    kind: isChat ? "chat" : "embedding",
    class: workClasses[chance.below(workClasses.length)]!,
    client: `client-${chance.below(6)}`,
    model: isChat ? models[chance.below(3)]! : "embed",
    since: milliseconds(at),
    promptTokens: 20 + chance.below(3000),
    outputTokens: isChat ? chance.below(300) : 0,
    prefix: { hashes: [`talk-${talk}`, `talk-${talk}-${chance.below(3)}`], tokensPerBlock: 128 },
    avoidNodeIds: [],
  };
}
