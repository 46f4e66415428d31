import { slotsOf } from "../balancing/node-view.ts";
import type { Milliseconds } from "../time/milliseconds.ts";
import type { ClassShares } from "./class-shares.ts";
import { virtualTokens } from "./client-counters.ts";
import { scanLimit, type DispatcherState } from "./dispatcher-state.ts";
import { isAhead } from "./pull.ts";
import type { Waiter } from "./waiter.ts";
import { workClasses, type WorkClass, type WorkKind } from "./work-class.ts";

/** When the waiters of one kind are predicted to get their slots. */
export interface Forecast {
  /** Waiters in the order of their predicted turns, with the time until then, ms. Who no node serves at present is missing. */
  readonly turns: ReadonlyMap<string, { readonly place: number; readonly expectedMs: number }>;
  /** Predicted wait of one more request of a class at the end of its line and behind `more` others, ms; `null` while no node takes work. */
  readonly tailMs: (workClass: WorkClass, more: number) => number | null;
}

interface Slot {
  readonly nodeId: string;
  readonly freeMs: number;
}

interface Row {
  readonly waiter: Waiter;
  /** Predicted time by node. */
  readonly onNode: ReadonlyMap<string, number>;
}

/** Plays the queue forward on predicted times: each slot that comes free takes the request that the dispatcher would give it. */
export function forecastOf(state: DispatcherState, kind: WorkKind, now: Milliseconds): Forecast {
  const line = createLine(state, kind, now);
  const turns = new Map<string, { readonly place: number; readonly expectedMs: number }>();
  const lastTurnMs = new Map<WorkClass, number>();
  let slots = slotsNow(state, kind, now);
  const firstFreeMs = slots[0]?.freeMs ?? null;
  const slotCount = slots.length;
  for (;;) {
    const [slot, ...others] = slots;
    if (slot === undefined || line.isEmpty()) break;
    const next = line.next(slot.nodeId);
    if (next === undefined) {
      slots = others;
      continue;
    }
    const { waiter, totalMs } = next;
    turns.set(waiter.id, { place: turns.size + 1, expectedMs: Math.round(slot.freeMs) });
    lastTurnMs.set(waiter.class, slot.freeMs);
    slots = insert(others, { nodeId: slot.nodeId, freeMs: slot.freeMs + totalMs });
  }
  return {
    turns,
    tailMs(workClass, more) {
      if (firstFreeMs === null) return null;
      const oneMs = (line.meanMs() || meanLeaseMs(state, kind)) / Math.max(slotCount, 1);
      const last = lastTurnMs.get(workClass);
      const unseen = Math.max(state.lists.of(kind, workClass).length - scanLimit, 0);
      if (last === undefined) return firstFreeMs + more * oneMs;
      return last * (1 + unseen / scanLimit) + (1 + more) * oneMs;
    },
  };
}

/** Where nobody waits: how long those that run were predicted to take. */
function meanLeaseMs({ leases }: DispatcherState, kind: WorkKind): number {
  const times = [...leases.values()]
    .filter(({ grant }) => grant.waiter.kind === kind)
    .map(({ grant }) => grant.predicted.totalMs);
  return times.reduce((sum, ms) => sum + ms, 0) / Math.max(times.length, 1);
}

function slotsNow(state: DispatcherState, kind: WorkKind, now: Milliseconds): readonly Slot[] {
  return state.view
    .working()
    .filter(({ node }) => slotsOf(node, kind) > 0)
    .flatMap(({ node }) =>
      state.view.slotTimes(node.id, kind, now).map((freeMs) => ({ nodeId: node.id, freeMs })),
    )
    .sort((one, other) => one.freeMs - other.freeMs);
}

function insert(slots: readonly Slot[], slot: Slot): readonly Slot[] {
  const at = slots.findIndex((other) => other.freeMs > slot.freeMs);
  return at === -1 ? [...slots, slot] : [...slots.slice(0, at), slot, ...slots.slice(at)];
}

interface Line {
  readonly isEmpty: () => boolean;
  readonly next: (
    nodeId: string,
  ) => { readonly waiter: Waiter; readonly totalMs: number } | undefined;
  readonly meanMs: () => number;
}

/** Everyone who waits, and what the classes and clients will have had by then. */
function createLine(state: DispatcherState, kind: WorkKind, now: Milliseconds): Line {
  const shares: ClassShares = state.shares(kind).copy();
  const rows = new Map<WorkClass, Row[]>();
  const charged = new Map<string, number>();
  let sumMs = 0;
  let count = 0;
  for (const workClass of workClasses) {
    const waiters = state.lists.of(kind, workClass).slice(0, scanLimit);
    if (waiters.length === 0 || state.isHeld(workClass)) continue;
    rows.set(
      workClass,
      waiters.map((waiter) => ({ waiter, onNode: timesOn(state, waiter, now) })),
    );
  }

  const costOf = ({ waiter }: Row, totalMs: number): number => {
    const tokens = Math.max(virtualTokens(waiter.promptTokens, waiter.outputTokens), 1);
    const had =
      state.clients(kind, waiter.class).excess(waiter.client) +
      (charged.get(`${waiter.class} ${waiter.client}`) ?? 0);
    return totalMs * (1 + had / tokens);
  };
  const bestOf = (workClass: WorkClass, nodeId: string): Row | undefined => {
    const ageLimitMs = shares.ageLimitMs(workClass);
    let best: { readonly row: Row; readonly cost: number; readonly aged: boolean } | undefined;
    for (const row of rows.get(workClass) ?? []) {
      const totalMs = row.onNode.get(nodeId);
      if (totalMs === undefined) continue;
      const aged = now - row.waiter.since >= ageLimitMs;
      const rival = { row, aged, cost: costOf(row, totalMs), since: row.waiter.since };
      if (best === undefined || isAhead(rival, { ...best, since: best.row.waiter.since }))
        best = rival;
    }
    return best?.row;
  };

  return {
    isEmpty: () => rows.size === 0,
    meanMs: () => (count === 0 ? 0 : sumMs / count),
    next(nodeId) {
      for (const workClass of shares.order([...rows.keys()], now)) {
        const row = bestOf(workClass, nodeId);
        if (row === undefined) continue;
        const { waiter } = row;
        const totalMs = row.onNode.get(nodeId) ?? 0;
        shares.granted(workClass, totalMs, now - waiter.since, now);
        const key = `${workClass} ${waiter.client}`;
        const tokens = virtualTokens(waiter.promptTokens, waiter.outputTokens);
        charged.set(key, (charged.get(key) ?? 0) + tokens);
        const left = (rows.get(workClass) ?? []).filter((other) => other !== row);
        if (left.length === 0) rows.delete(workClass);
        else rows.set(workClass, left);
        sumMs += totalMs;
        count += 1;
        return { waiter, totalMs };
      }
      return undefined;
    },
  };
}

const timesOn = (
  state: DispatcherState,
  waiter: Waiter,
  now: Milliseconds,
): ReadonlyMap<string, number> =>
  new Map(
    state.view
      .placesFor(waiter, now)
      .map(({ candidate, predicted }) => [candidate.node.id, predicted.totalMs]),
  );
