import { slotsOf } from "../balancing/node-view.ts";
import { milliseconds, type Milliseconds } from "../time/milliseconds.ts";
import { scanLimit, type DispatcherState } from "./dispatcher-state.ts";
import { createForecastLine } from "./forecast-line.ts";
import type { Waiter } from "./waiter.ts";
import type { WorkClass, WorkKind } from "./work-class.ts";

/** When the waiters of one kind are predicted to get their slots. */
export interface Forecast {
  /** Waiters in the order of their predicted turns, with the time until then, ms. Who no node serves at present is missing. */
  readonly turns: () => ReadonlyMap<string, Turn>;
  /** Predicted wait of one more request of a class at the end of its line and behind `more` others, ms; `null` while no node takes work. */
  readonly tailMs: (workClass: WorkClass, more: number) => number | null;
}

interface Turn {
  readonly place: number;
  readonly expectedMs: number;
}

interface Slot {
  readonly nodeId: string;
  readonly freeMs: number;
}

/** Plays the queue forward on predicted times: each slot that comes free takes the request that the dispatcher would give it. */
export function forecastOf(state: DispatcherState, kind: WorkKind, now: Milliseconds): Forecast {
  let turns: ReadonlyMap<string, Turn> | undefined;
  let drained: ReturnType<typeof drain> | undefined;
  return {
    turns: () => (turns ??= turnsOf(state, kind, now)),
    tailMs(workClass, more) {
      drained ??= drain(state, kind, now);
      const { firstFreeMs, lastTurnMs, oneMs } = drained;
      if (firstFreeMs === null) return null;
      const last = lastTurnMs.get(workClass);
      const unseen = Math.max(state.lists.of(kind, workClass).length - scanLimit, 0);
      if (last === undefined) return firstFreeMs + more * oneMs;
      return last * (1 + unseen / scanLimit) + (1 + more) * oneMs;
    },
  };
}

/** With those who will come meanwhile: some of them go before some who wait now. */
function turnsOf(
  state: DispatcherState,
  kind: WorkKind,
  now: Milliseconds,
): ReadonlyMap<string, Turn> {
  const turns = new Map<string, Turn>();
  const coming = newcomersFrom(state, kind, now);
  play(state, kind, now, {
    coming,
    onTurn(waiter, atMs) {
      if (state.lists.get(waiter.id) === undefined) return;
      turns.set(waiter.id, { place: turns.size + 1, expectedMs: Math.round(atMs) });
    },
  });
  return turns;
}

/** Requests like the last ones at the pace of the last ones, the soonest first; for long, no more are let in than are served. */
function* newcomersFrom(
  state: DispatcherState,
  kind: WorkKind,
  now: Milliseconds,
): Iterator<Waiter, void> {
  const recent = state.newcomers(kind).recent(now);
  const slots = slotsNow(state, kind, now).length;
  if (recent === null || slots === 0) return;
  const { waiters } = recent;
  const serviceMs = waiters.reduce((sum, waiter) => sum + soonest(state, waiter, now), 0);
  const everyMs = Math.max(recent.everyMs, serviceMs / waiters.length / slots);
  for (let number = 1; ; number += 1) {
    const like = waiters[number % waiters.length];
    if (like === undefined) return;
    yield {
      ...like,
      id: `newcomer-${String(number)}`,
      since: milliseconds(now + number * everyMs),
    };
  }
}

const soonest = (state: DispatcherState, waiter: Waiter, now: Milliseconds): number =>
  state.view
    .placesFor(waiter, now)
    .reduce((least, { predicted }) => Math.min(least, predicted.totalMs), Infinity);

/** The line as it is, to its end. */
function drain(state: DispatcherState, kind: WorkKind, now: Milliseconds) {
  const lastTurnMs = new Map<WorkClass, number>();
  const slots = slotsNow(state, kind, now);
  let [sumMs, count] = [0, 0];
  play(state, kind, now, {
    coming: null,
    onTurn({ class: workClass }, atMs, totalMs) {
      lastTurnMs.set(workClass, atMs);
      sumMs += totalMs;
      count += 1;
    },
  });
  const meanMs = count === 0 ? usualMs(state, kind, now) : sumMs / count;
  const oneMs = meanMs / Math.max(slots.length, 1);
  return { firstFreeMs: slots[0]?.freeMs ?? null, lastTurnMs, oneMs };
}

// Whoever is overtaken for longer than this is told what has been played so far.
const mostTurns = 2 * scanLimit;

interface Play {
  /** Those who will come, the soonest first. */
  readonly coming: Iterator<Waiter, void> | null;
  readonly onTurn: (waiter: Waiter, atMs: number, totalMs: number) => void;
}

/** Ends when nobody is left of those who wait now. */
function play(
  state: DispatcherState,
  kind: WorkKind,
  now: Milliseconds,
  { coming, onTurn }: Play,
): void {
  const line = createForecastLine(state, kind, now);
  let slots = slotsNow(state, kind, now);
  const join = joining(coming);
  for (let turn = 0; turn < mostTurns && line.waitersLeft() > 0; turn += 1) {
    const [slot, ...others] = slots;
    if (slot === undefined) break;
    const at = milliseconds(now + slot.freeMs);
    for (const newcomer of join(at)) line.add(newcomer);
    const next = line.next(slot.nodeId, at);
    if (next === undefined) {
      slots = others;
      continue;
    }
    onTurn(next.waiter, slot.freeMs, next.totalMs);
    slots = insert(others, { nodeId: slot.nodeId, freeMs: slot.freeMs + next.totalMs });
  }
  for (const waiter of line.rest()) onTurn(waiter, slots[0]?.freeMs ?? 0, 0);
}

/** Gives those who have come by a time, each once. */
function joining(
  coming: Iterator<Waiter, void> | null,
): (at: Milliseconds) => Generator<Waiter, void> {
  let next = coming?.next().value ?? null;
  return function* (at) {
    for (; next !== null && next.since <= at; next = coming?.next().value ?? null) yield next;
  };
}

/** Before the first request there is nothing to go by. */
const assumedMs = 5000;

/** Where nobody waits: how long those that run were predicted to take, and where none runs, the last ones that came. */
function usualMs(state: DispatcherState, kind: WorkKind, now: Milliseconds): number {
  const running = [...state.leases.values()]
    .filter(({ grant }) => grant.waiter.kind === kind)
    .map(({ grant }) => grant.predicted.totalMs);
  if (running.length > 0) return mean(running);
  const last = state.newcomers(kind).last();
  const served = last.map((waiter) => soonest(state, waiter, now)).filter(Number.isFinite);
  return served.length > 0 ? mean(served) : assumedMs;
}

const mean = (times: readonly number[]): number =>
  times.reduce((sum, ms) => sum + ms, 0) / times.length;

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
