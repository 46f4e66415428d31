import type { NodeAddress } from "../core/balancing/node-address.ts";

/** Nodes that the name service gives. */
export interface NodeDiscovery {
  /** Throws when the name service does not answer: what was known stays known then. */
  find(signal: AbortSignal): Promise<readonly NodeAddress[]>;
}
