import { lowest } from "./lowest.ts";
import type { Candidate } from "./node-view.ts";

const weights = { responseTime: 0.4, load: 0.3, errors: 0.2, recency: 0.1 };

/** A weighted score of response time, load, error share and how recently a node was chosen, each from 0 to 1 over the candidates. */
export function compositeScore(candidates: readonly Candidate[]): Candidate | undefined {
  const slowest = Math.max(...candidates.map(({ peakMs }) => peakMs), 1);
  const newest = Math.max(...candidates.map(({ lastGrant }) => lastGrant), 1);
  return lowest(
    candidates,
    ({ peakMs, inFlight, slots, errorShare, lastGrant }) =>
      weights.responseTime * (peakMs / slowest) +
      weights.load * (inFlight / slots) +
      weights.errors * errorShare +
      weights.recency * (lastGrant / newest),
  );
}
