import type { NodeDecision } from "../core/balancing/node-address.ts";

/** What admins decided about nodes, shared by every replica. */
export interface NodeDecisions {
  all(): Promise<readonly NodeDecision[]>;
  /** Writes the fields that are given and keeps the others. */
  change(nodeId: string, fields: Partial<Omit<NodeDecision, "id">>, userId: string): Promise<void>;
  /** Back to what is given elsewhere. */
  forget(nodeId: string): Promise<void>;
}
