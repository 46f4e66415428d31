import { lowest } from "./lowest.ts";
import type { Candidate } from "./node-view.ts";

// Requests beside each other on a node slow each other down (routing.md section 2.2: 1, .85, .72, .62 of the speed with 1 to 4).
const slowerWithEach = 0.15;

/** Soonest done by prediction: load, uncached prompt and output at the node's measured rates, failures as time, the least busy of equals. */
export const predictedTime = (candidates: readonly Candidate[]): Candidate | undefined =>
  lowest(candidates, predictedCost);

export const predictedCost = ({ predictedMs, inFlight }: Candidate): number =>
  predictedMs * (1 + slowerWithEach * inFlight);
