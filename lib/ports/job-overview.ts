import type { Actor } from "../core/access/actor.ts";

export type OpenOrDead = "waiting" | "running" | "dead";

/** A job as an admin sees it. */
export interface JobSummary {
  readonly id: string;
  readonly kind: string;
  readonly status: OpenOrDead;
  readonly priority: number;
  readonly attempt: number;
  readonly maxAttempts: number;
  /** Why it waits, waits again or is dead; `null` for one that was never given back. */
  readonly reason: string | null;
  /** What it works on, in words: the title of a document. */
  readonly subject: string | null;
  readonly documentId: string | null;
  /** Not before then. */
  readonly runAfter: Date;
  /** Of a running job: when it counts as lost. */
  readonly leaseExpiresAt: Date | null;
  readonly createdAt: Date;
  readonly endedAt: Date | null;
}

export interface JobOverview {
  /** All of them; `jobs` holds the first of each kind of state. */
  readonly counts: Readonly<Record<OpenOrDead, number>>;
  /** Ended well within the last hour. */
  readonly completedLastHour: number;
  /** How long the oldest due job has waited, ms; 0 when none waits. */
  readonly oldestWaitMs: number;
  /** Running, then waiting in the order in which they run, then dead with the newest first; at most 200 of each. */
  readonly jobs: readonly JobSummary[];
}

/** Reads the queue for the admins of a workspace; jobs of other workspaces are not there. */
export interface JobOverviewReader {
  read(actor: Actor): Promise<JobOverview>;
  /** Throws AppError `not_found`. */
  find(actor: Actor, jobId: string): Promise<JobSummary>;
}
