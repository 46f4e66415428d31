import { lowest } from "./lowest.ts";
import type { Candidate } from "./node-view.ts";

/** Fewest requests for its slots and weight, then the one chosen longest ago. */
export function leastRequests(candidates: readonly Candidate[]): Candidate | undefined {
  const inTurn = [...candidates].sort((one, other) => one.lastGrant - other.lastGrant);
  return lowest(inTurn, ({ node, inFlight, slots }) => inFlight / (slots * node.weight));
}
