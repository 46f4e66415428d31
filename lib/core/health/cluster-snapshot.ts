import type { CallOutcome, HistoryPoint } from "../capacity/call-history.ts";
import type { OpenReason } from "../resilience/circuit-breaker.ts";
import type { DegradationLevel } from "../resilience/degradation.ts";
import type { WorkClass } from "../scheduling/work-class.ts";
import type { NodeStatus } from "./node-health.ts";

/** Everything that the admin's cluster page shows, as it is now. Times in ms unless said; dates are ISO 8601. */
export interface ClusterSnapshot {
  readonly at: string;
  /** `ok`: every node takes work and nobody waits long · `strained`: it works, something is missing or slow · `down`: no node takes work. */
  readonly state: "ok" | "strained" | "down";
  /** One sentence: what matters most now. */
  readonly summary: string;
  /** What an admin should look at, the worst first. */
  readonly problems: readonly ClusterProblem[];
  readonly nodes: readonly NodeSnapshot[];
  readonly queue: QueueSnapshot;
  readonly degradation: DegradationSnapshot;
  /** Answers that ended in the last minute. */
  readonly answersPerMinute: number;
  /** The last five minutes. */
  readonly recent: HistoryPoint;
  /** Sixty points, oldest first. */
  readonly hour: readonly HistoryPoint[];
  /** The same minutes of each class that had requests in them. */
  readonly hourByClass: Readonly<Partial<Record<WorkClass, readonly ClassPoint[]>>>;
  /** Newest last, at most 100. */
  readonly failovers: readonly FailoverSnapshot[];
  readonly predictions: PredictionSnapshot;
  /** Downloads of models to nodes: running ones, and those that ended in the last ten minutes. */
  readonly installs: readonly InstallSnapshot[];
  /** Name of the balancing policy in force. */
  readonly policy: string;
}

/** The same trouble of one node or of several, in plain words. */
export interface ClusterProblem {
  /** `bad`: these nodes serve nothing. */
  readonly tone: "bad" | "warning";
  readonly nodeIds: readonly string[];
  readonly what: string;
  /** What to do about it. */
  readonly next: string;
}

export interface NodeSnapshot {
  readonly id: string;
  readonly baseUrl: string;
  readonly source: "configured" | "admin" | "dns";
  /** As balancing takes it. */
  readonly status: NodeStatus["kind"];
  /** Why it has that status, in plain words; empty when it is available. */
  readonly why: string;
  readonly version: string;
  /** Draining and finished: it can be taken away. */
  readonly isDrained: boolean;
  readonly weight: number;
  readonly slots: {
    /** Chat requests there now, booked slots included. */
    readonly inUse: number;
    /** Open now; fewer than configured in slow start. */
    readonly open: number;
    readonly configured: number;
    readonly embedding: number;
  };
  /** Of the requests of the last five minutes, those that this node served, 0 to 1. */
  readonly share: number;
  readonly breaker: {
    readonly state: "closed" | "open" | "half-open";
    readonly reason: OpenReason | null;
    /** Until the next try; `null` when closed. */
    readonly nextTryMs: number | null;
    readonly openings: number;
  };
  /** Installed models with their place in memory. */
  readonly models: readonly NodeModelSnapshot[];
  /** The model that is being loaded; `null` = none. */
  readonly loading: string | null;
  readonly recent: HistoryPoint;
  readonly hour: readonly HistoryPoint[];
  readonly lastFailure: { readonly agoMs: number; readonly reason: string } | null;
}

export interface NodeModelSnapshot {
  /** With its tag. */
  readonly name: string;
  readonly kind: "chat" | "embedding";
  readonly digest: string;
  readonly bytes: number;
  readonly isResident: boolean;
  /** Until Ollama unloads it; `null` = kept for good, or not in memory. */
  readonly keepAliveMs: number | null;
  /** False: its weights differ from those of most nodes, so it takes no requests here. */
  readonly isShared: boolean;
  /** Measured, tokens per second; `null` = not measured. */
  readonly prefillPerSecond: number | null;
  readonly decodePerSecond: number | null;
}

export interface QueueSnapshot {
  readonly waiting: number;
  readonly byClass: Readonly<Partial<Record<WorkClass, number>>>;
  /** The longest that anybody waits now. */
  readonly longestWaitMs: number;
  /** What a person who asks now would be told; `null` while no node takes work. */
  readonly expectedMs: number | null;
}

export interface DegradationSnapshot {
  readonly level: DegradationLevel;
  /** In plain words; empty at level 0. */
  readonly reason: string;
  readonly forMs: number;
}

/** One minute of one class. */
export interface ClassPoint {
  readonly calls: number;
  readonly queuedP95Ms: number | null;
}

export interface FailoverSnapshot {
  readonly at: string;
  readonly callId: string;
  /** The text it belongs to: failures of one text share it. */
  readonly turnId: string;
  /** The answer of a chat that it serves, `null` for other work. Who may look into that answer is another matter: it has rules of its own. */
  readonly answerId: string | null;
  readonly class: WorkClass;
  /** From the request's start to the failure. */
  readonly afterMs: number;
  /** Where it went on; `null` while it waits, and where it ended. */
  readonly toNodeId: string | null;
  /** From the failure being seen until text flowed again. */
  readonly flowsMs: number | null;
  /** How the answer ended; `null` while it runs. */
  readonly outcome: CallOutcome | null;
  readonly nodeId: string;
  readonly model: string;
  readonly reason: string;
  /** `moved`: before the first token · `broken`: text had been sent; it was resumed, reset, or the evidence stood. */
  readonly kind: "moved" | "broken";
  /** From the failure being seen to the next slot; `null` while it waits. */
  readonly movedMs: number | null;
}

/** Told waits against what came true, the last hundred people who had to wait. */
export interface PredictionSnapshot {
  readonly count: number;
  /** Waited ÷ told; 1 = exactly as told. `null` while nobody had to wait. */
  readonly p50Ratio: number | null;
  readonly p95Ratio: number | null;
  readonly points: readonly { readonly toldMs: number; readonly waitedMs: number }[];
}

export interface InstallSnapshot {
  readonly nodeId: string;
  readonly model: string;
  readonly state: "running" | "installed" | "failed";
  /** The node's own word, e.g. `pulling manifest`; the reason when it failed. */
  readonly status: string;
  readonly completedBytes: number;
  /** 0 until known. */
  readonly totalBytes: number;
}
