import { compositeScore } from "./composite-score.ts";
import { leastRequests } from "./least-requests.ts";
import type { Candidate } from "./node-view.ts";
import { peakEwma } from "./peak-ewma.ts";
import { predictedTime } from "./predicted-time.ts";
import { randomNode } from "./random.ts";
import { roundRobin } from "./round-robin.ts";
import { weightedRoundRobin } from "./weighted-round-robin.ts";

/**
 * Chooses one of the nodes that have a free slot; undefined only for an empty list.
 * @param draw chance, 0 to below 1
 */
export type NodeChoice = (candidates: readonly Candidate[], draw: number) => Candidate | undefined;

export interface BalancingPolicy {
  readonly choose: NodeChoice;
  /** True: the freed slot pulls the request that it serves soonest, and may decline for a faster one. False: requests go by age. */
  readonly pulls: boolean;
}

const byAge = (choose: NodeChoice): BalancingPolicy => ({ choose, pulls: false });

/** Every balancing policy by its name in the settings: a new one is a file beside this and a line here. */
export const policies = {
  "predicted-time": { choose: predictedTime, pulls: true },
  "round-robin": byAge(roundRobin),
  "weighted-round-robin": byAge(weightedRoundRobin),
  "least-requests": byAge(leastRequests),
  random: byAge(randomNode),
  "peak-ewma": byAge(peakEwma),
  "composite-score": byAge(compositeScore),
} satisfies Record<string, BalancingPolicy>;

export type PolicyName = keyof typeof policies;
