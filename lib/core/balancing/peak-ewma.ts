import { lowest } from "./lowest.ts";
import type { Candidate } from "./node-view.ts";

/** Lowest decayed peak of the time to the first item × requests it would then have; unmeasured nodes first (tower/src/load/peak_ewma.rs). */
export const peakEwma = (candidates: readonly Candidate[]): Candidate | undefined =>
  lowest(candidates, ({ peakMs, inFlight }) => peakMs * (inFlight + 1));
