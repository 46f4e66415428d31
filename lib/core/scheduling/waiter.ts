import type { Milliseconds } from "../time/milliseconds.ts";
import type { PrefixChain } from "./prefix-chain.ts";
import type { WorkClass, WorkKind } from "./work-class.ts";

/** A request that waits for a slot: a summary only, so that several replicas can share one queue. */
export interface Waiter {
  readonly id: string;
  readonly kind: WorkKind;
  readonly class: WorkClass;
  readonly client: string;
  readonly model: string;
  /** When the request was accepted; a retry keeps it, so that it does not start again at the end. */
  readonly since: Milliseconds;
  readonly promptTokens: number;
  /** Predicted; 0 for embeddings. */
  readonly outputTokens: number;
  readonly prefix: PrefixChain;
  /** Nodes where this request has just failed: taken again only when no other serves the model. */
  readonly avoidNodeIds: readonly string[];
}

/** A waiter that got a slot. */
export interface Grant {
  readonly leaseId: string;
  readonly waiter: Waiter;
  readonly nodeId: string;
  readonly predicted: PredictedService;
}

/** What one request costs on one node, ms. */
export interface PredictedService {
  /** 0 when the model is in memory. */
  readonly loadMs: number;
  readonly prefillMs: number;
  readonly decodeMs: number;
  /** Of the prompt, expected in the node's prefix cache. */
  readonly cachedTokens: number;
  /** All of it, and what the node's recent failures add. */
  readonly totalMs: number;
}
