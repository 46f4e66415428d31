import { assumedRates, busyAfterAbort } from "../balancing/rates.ts";
import type { Milliseconds } from "../time/milliseconds.ts";
import { scanLimit, type DispatcherState } from "./dispatcher-state.ts";
import type { HeldLease } from "./leases.ts";
import type { Waiter } from "./waiter.ts";
import { isBulk } from "./work-class.ts";

/** Bulk leases on nodes that serve someone who waits, the one with most left to do first. */
export function yieldingLeases(
  { leases, view }: DispatcherState,
  waiting: readonly Waiter[],
  now: Milliseconds,
): readonly HeldLease[] {
  if (waiting.length === 0) return [];
  const wanted = new Set(
    waiting
      .slice(0, scanLimit)
      .flatMap((waiter) => view.placesFor(waiter, now))
      .map(({ candidate }) => candidate.node.id),
  );
  const wins = (lease: HeldLease): number =>
    prefillLeftMs(lease, now) - lettingGoMs(lease, view, now);
  return [...leases.values()]
    .filter((lease) => mayYield(lease) && wanted.has(lease.grant.nodeId) && wins(lease) > 0)
    .sort((one, other) => wins(other) - wins(one));
}

const mayYield = ({ grant, hasBegun, yielding, isBooked }: HeldLease): boolean =>
  grant.waiter.kind === "chat" && isBulk(grant.waiter.class) && !hasBegun && !yielding && !isBooked;

const prefillLeftMs = ({ grant, grantedAt }: HeldLease, now: Milliseconds): number =>
  grant.predicted.loadMs + grant.predicted.prefillMs - (now - grantedAt);

/** A load is not broken off; a prefill ends with its batch. */
function lettingGoMs(
  { grant, grantedAt }: HeldLease,
  view: DispatcherState["view"],
  now: Milliseconds,
): number {
  const { waiter, predicted } = grant;
  const elapsedMs = now - grantedAt - predicted.loadMs;
  if (elapsedMs < 0) return Infinity;
  const facts = view.working().find(({ node }) => node.id === grant.nodeId);
  return busyAfterAbort(
    waiter.promptTokens,
    elapsedMs,
    facts?.rates.get(waiter.model) ?? assumedRates,
  );
}
