import type { NodeChoice } from "../balancing/policies.ts";
import { costLeft } from "./ageing.ts";
import type { Pair, PullView } from "./pull.ts";

/** For the policies that only choose a node: the request whose client has had least, then the oldest, goes to the policy's node. */
export function oldestFirst(
  { now, waiters, clients, ageLimitMs, freeFor }: PullView,
  choose: NodeChoice,
  draw: number,
): Pair | undefined {
  const inOrder = waiters
    .map((waiter) => ({
      waiter,
      excess: clients.excess(waiter.client) * costLeft(now - waiter.since, ageLimitMs),
    }))
    .sort((one, other) => one.excess - other.excess || one.waiter.since - other.waiter.since);
  for (const { waiter } of inOrder) {
    const pairs = freeFor(waiter);
    const chosen = choose(
      pairs.map(({ candidate }) => candidate),
      draw,
    );
    const pair = pairs.find(({ candidate }) => candidate === chosen);
    if (pair !== undefined) return pair;
  }
  return undefined;
}
