import { leastRequests } from "./least-requests.ts";
import type { Candidate } from "./node-view.ts";

/** Chooses one of the nodes that have a free slot; undefined only for an empty list. */
export type BalancingPolicy = (candidates: readonly Candidate[]) => Candidate | undefined;

/** Every balancing policy by its name in the settings: a new one is a file beside this and a line here. */
export const policies = {
  "least-requests": leastRequests,
} satisfies Record<string, BalancingPolicy>;
