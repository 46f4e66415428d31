import type { Milliseconds } from "../time/milliseconds.ts";
import type { NodeFacts } from "./predicted-service.ts";

/** What is in memory where, from the nodes' own lists and from requests that have just begun there. */
export interface Residency {
  readonly isResident: (facts: NodeFacts, model: string, now: Milliseconds) => boolean;
  /** A request for the model gave its first item on the node: it is in memory, though the node's list may not say so yet. */
  readonly seen: (nodeId: string, model: string, now: Milliseconds) => void;
}

// A node's list is asked for every 15 s.
const believedMs = 20_000;

export function createResidency(): Residency {
  const sightings = new Map<string, Milliseconds>();
  return {
    isResident({ node, resident }, model, now) {
      if (resident.has(model)) return true;
      const at = sightings.get(`${node.id} ${model}`);
      return at !== undefined && now - at < believedMs;
    },
    seen(nodeId, model, now) {
      sightings.set(`${nodeId} ${model}`, now);
    },
  };
}
