import { lowest } from "./lowest.ts";
import type { Candidate } from "./node-view.ts";

/** One after the other: the node that was chosen longest ago. */
export const roundRobin = (candidates: readonly Candidate[]): Candidate | undefined =>
  lowest(candidates, (candidate) => candidate.lastGrant);
