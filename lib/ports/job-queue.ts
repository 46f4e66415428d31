export interface NewJob {
  readonly kind: string;
  readonly payload: Readonly<Record<string, unknown>>;
  /** Two open jobs never share one; a second enqueue returns the first job's id. */
  readonly dedupeKey?: string;
  /** Higher runs first. */
  readonly priority?: number;
  readonly maxAttempts?: number;
}

/** A job held under a lease. `attempt` fences every later call: a worker that lost its lease gets `false` back. */
export interface LeasedJob {
  readonly id: string;
  readonly kind: string;
  readonly payload: Readonly<Record<string, unknown>>;
  /** From 1. Above `maxAttempts` when every allowed attempt lost its lease: only `bury` is left to do. */
  readonly attempt: number;
  readonly maxAttempts: number;
}

/** Work that survives the death of any process. Enqueued means committed. */
export interface JobQueue {
  enqueue(job: NewJob): Promise<string>;
  /** The best due job of these kinds, or one whose lease ran out; `null` when there is none. */
  lease(kinds: readonly string[], owner: string, leaseMs: number): Promise<LeasedJob | null>;
  /** `false` when the lease was lost or the job was cancelled: stop working. */
  renew(job: LeasedJob, leaseMs: number): Promise<boolean>;
  complete(job: LeasedJob): Promise<boolean>;
  /** Gives the job back to run after `delayMs`, or ends it as dead when no attempt is left. Returns what it became. */
  fail(job: LeasedJob, reason: string, delayMs: number): Promise<"waiting" | "dead" | "lost">;
  /** Gives the job back to run after `delayMs` without using up an attempt: it waits for something, it did not fail. */
  postpone(job: LeasedJob, reason: string, delayMs: number): Promise<boolean>;
  /** Ends it as dead at once: trying again cannot help. */
  bury(job: LeasedJob, reason: string): Promise<boolean>;
  cancel(dedupeKey: string): Promise<boolean>;
  /** Ends an open job wherever it is. */
  stop(jobId: string): Promise<boolean>;
  /** A dead job runs again, with as many attempts as a new one. `false` when it is not dead, or another open job has its key. */
  replay(jobId: string): Promise<boolean>;
  /** Forgets a dead job. */
  purge(jobId: string): Promise<boolean>;
}
