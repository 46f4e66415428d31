import type { Milliseconds } from "../time/milliseconds.ts";
import type { PrefixChain } from "./prefix-chain.ts";
import type { WorkClass, WorkKind } from "./work-class.ts";

/** Who asks, how urgent it is and until when: part of every call of a model. */
export interface ModelCall {
  readonly class: WorkClass;
  /** Fairness counts per client: a person's id, a key, `ingest`. */
  readonly client: string;
  /** Absolute, on `Clock.now()`. */
  readonly deadline: Milliseconds;
  readonly signal: AbortSignal;
  /** The answer that it serves: by it admins find how that came about, when a node fails the call. */
  readonly answerId?: string;
  /** An embedding that is worth the wait while no node serves it. */
  readonly waitsForNode?: boolean;
}

export interface Work extends ModelCall {
  readonly kind: WorkKind;
  readonly model: string;
  readonly estimatedPromptTokens: number;
  /** Predicted from the like; 0 for embeddings. */
  readonly estimatedOutputTokens?: number;
  /** Beginning of the prompt, for the nodes' prefix caches. */
  readonly prefix?: PrefixChain;
  /** The age it brings along when it goes on with an earlier request. */
  readonly since?: Milliseconds;
  /** The answer that several calls belong to, when a broken text goes on as another call. */
  readonly turnId?: string;
  /** Nodes that failed that earlier request. */
  readonly avoidNodeIds?: readonly string[];
}

/** A request that has been accepted: it keeps its age through every retry. */
export interface AcceptedWork {
  readonly id: string;
  readonly since: Milliseconds;
  readonly work: Work;
  /** The caller's signal and the deadline. */
  readonly signal: AbortSignal;
}

export interface QueuedEvent {
  readonly type: "queued";
  /** From 1. */
  readonly place: number;
  readonly expectedMs: number;
}
