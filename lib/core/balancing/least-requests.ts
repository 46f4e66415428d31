import type { Candidate } from "./node-view.ts";

/** Fewest requests for its slots and weight; degraded nodes last; ties go to the first in the list, which the caller rotates. */
export function leastRequests(candidates: readonly Candidate[]): Candidate | undefined {
  let best: Candidate | undefined;
  for (const candidate of candidates)
    if (best === undefined || load(candidate) < load(best)) best = candidate;
  return best;
}

// Any degraded node counts as fuller than any available one.
const degradedLoad = 1_000_000;

const load = ({ node, inFlight, slots }: Candidate): number =>
  inFlight / (slots * node.weight) + (node.status.kind === "degraded" ? degradedLoad : 0);
