import { lowest } from "./lowest.ts";
import type { Candidate } from "./node-view.ts";

/** In turns by weight: the node that is furthest behind its share of the last minute's requests. */
export const weightedRoundRobin = (candidates: readonly Candidate[]): Candidate | undefined =>
  lowest(candidates, ({ node, recentGrants }) => (recentGrants + 1) / node.weight);
