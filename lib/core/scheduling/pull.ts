import { predictedCost } from "../balancing/predicted-time.ts";
import type { Candidate } from "../balancing/node-view.ts";
import type { Milliseconds } from "../time/milliseconds.ts";
import { costLeft } from "./ageing.ts";
import { virtualTokens, type ClientCounters } from "./client-counters.ts";
import type { PredictedService, Waiter } from "./waiter.ts";

/** A waiter and a node with a free slot for it. */
export interface Pair {
  readonly waiter: Waiter;
  readonly candidate: Candidate;
  readonly predicted: PredictedService;
}

/** A node without a free slot that could serve a waiter later. */
export interface LaterNode {
  readonly id: string;
  readonly totalMs: number;
}

export interface PullView {
  readonly now: Milliseconds;
  /** Of one class, the oldest first. */
  readonly waiters: readonly Waiter[];
  readonly clients: ClientCounters;
  readonly ageLimitMs: number;
  /** False for a class that has waited too long as a whole: it takes what is free. */
  readonly mayDecline: boolean;
  /** Free nodes that may take it now. */
  readonly freeFor: (waiter: Waiter) => readonly Pair[];
  /** Nodes that serve it but are full. */
  readonly laterFor: (waiter: Waiter) => readonly LaterNode[];
  /** Predicted times until each slot of a node is free, ms from now. */
  readonly slotTimes: (nodeId: string) => readonly number[];
}

// A second of waiting makes a request this much cheaper in seconds: enough to order equals by age, too little to undo the order by size.
const ageCredit = 0.05;
// Waiting for another node has to pay clearly: predictions are not exact, and whoever waits stands in the way of those who come later.
const worthWaiting = 0.6;
// And nobody waits longer for it than half of what could be won: later arrivals would overtake for ever.
const mostWaitOfGain = 0.5;

/**
 * The request that the free slots pull: lowest predicted time, less a credit for age, plus what its client has had beyond others; past the
 * age limit both count less and less. A slot declines a request that a full node is predicted to finish sooner, be it faster, or holding its prefix.
 */
export function pullBest(view: PullView): Pair | undefined {
  if (!view.mayDecline) return pairsInOrder(view)[0];
  const later = createLaterSlots(view);
  for (const pair of pairsInOrder(view)) if (!later.isBetterFor(pair)) return pair;
  return undefined;
}

interface Ranked {
  readonly cost: number;
  readonly since: Milliseconds;
}

/** The cheapest first, then the oldest. */
export const isAhead = (one: Ranked, other: Ranked): boolean => rank(one, other) < 0;

const rank = (one: Ranked, other: Ranked): number =>
  one.cost - other.cost || one.since - other.since;

/** @param sizeMs predicted time and what its client has had beyond others */
export const agedCost = (sizeMs: number, waitedMs: number, ageLimitMs: number): number =>
  sizeMs * costLeft(waitedMs, ageLimitMs) - ageCredit * waitedMs;

function pairsInOrder(view: PullView): readonly Pair[] {
  const ranked: (Ranked & { readonly pair: Pair })[] = [];
  for (const waiter of view.waiters)
    for (const pair of view.freeFor(waiter))
      ranked.push({ pair, since: waiter.since, cost: costOf(view, pair) });
  return ranked.sort(rank).map(({ pair }) => pair);
}

function costOf(
  { now, clients, ageLimitMs }: PullView,
  { waiter, candidate, predicted }: Pair,
): number {
  const tokens = Math.max(virtualTokens(waiter.promptTokens, waiter.outputTokens), 1);
  const excess = clients.excess(waiter.client) / tokens;
  const sizeMs = predictedCost(candidate) + predicted.totalMs * excess;
  return agedCost(sizeMs, now - waiter.since, ageLimitMs);
}

/** Books the full nodes' next slots for those who decline, so that not all of them wait for the same one. */
function createLaterSlots(view: PullView): { readonly isBetterFor: (pair: Pair) => boolean } {
  const booked = new Map<string, number[]>();
  const declined = new Set<string>();
  const timesOf = (nodeId: string): number[] => {
    const times = booked.get(nodeId) ?? [...view.slotTimes(nodeId)].sort((a, b) => a - b);
    booked.set(nodeId, times);
    return times;
  };
  return {
    isBetterFor({ waiter, predicted }) {
      if (declined.has(waiter.id)) return true;
      const limit = predicted.totalMs * worthWaiting;
      let best: { readonly id: string; readonly doneMs: number } | undefined;
      for (const { id, totalMs } of view.laterFor(waiter)) {
        if (totalMs >= limit) continue;
        if (view.now - waiter.since > mostWaitOfGain * (predicted.totalMs - totalMs)) continue;
        const doneMs = (timesOf(id)[0] ?? Infinity) + totalMs;
        if (doneMs < limit && doneMs < (best?.doneMs ?? Infinity)) best = { id, doneMs };
      }
      if (best === undefined) return false;
      const times = timesOf(best.id);
      times[0] = best.doneMs;
      times.sort((a, b) => a - b);
      declined.add(waiter.id);
      return true;
    },
  };
}
