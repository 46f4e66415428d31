import type { Clock } from "../ports/clock.ts";
import type { JobQueue, LeasedJob } from "../ports/job-queue.ts";

/** How a piece of work ended. */
export type JobOutcome =
  | { readonly kind: "complete" }
  /** Something went wrong that may go right next time; uses up an attempt. */
  | { readonly kind: "retry"; readonly reason: string }
  /** It waits for something outside; uses up nothing. */
  | { readonly kind: "wait"; readonly reason: string; readonly delayMs: number }
  /** Trying again cannot help. */
  | { readonly kind: "dead"; readonly reason: string };

export interface JobHandler {
  /** Idempotent: it may have run in part before. Ends at once when `signal` aborts: then the job is no longer ours. */
  run(job: LeasedJob, signal: AbortSignal): Promise<JobOutcome>;
  /** The job is about to end as dead: write down why where people look. */
  giveUp(job: LeasedJob, reason: string): Promise<void>;
}

export interface JobWorkersDeps {
  readonly queue: JobQueue;
  readonly clock: Clock;
  readonly handlers: Readonly<Record<string, JobHandler>>;
  /** Who holds the leases, e.g. a random id of this process. */
  readonly owner: string;
  /** Cleaning that runs when there is nothing else to do. */
  readonly sweep: (signal: AbortSignal) => Promise<void>;
  /** How long a job outlives its worker; 15 s unless a test says otherwise. */
  readonly leaseMs?: number;
  /** What nobody else hears of: faults outside any job. */
  readonly onFault: (error: unknown) => void;
}

export interface JobWorkers {
  /** Works until the signal aborts; the job in hand is given back. */
  run(signal: AbortSignal): Promise<void>;
  /** Something was added or removed: look for work and for things to clean now, not at the next round. */
  wake(): void;
}

const defaultLeaseMs = 15_000;
const idleMs = 1000;
const sweepEveryMs = 10_000;
const longestBackoffMs = 60_000;

const backoffMs = (attempt: number): number => Math.min(longestBackoffMs, 1000 * 2 ** attempt);

const describe = (error: unknown): string =>
  error instanceof Error ? error.message.slice(0, 500) : "unknown fault";

/** Extends the lease at a third of its length until the work ends; a lost lease ends the work. */
async function keepLease(
  deps: JobWorkersDeps,
  job: LeasedJob,
  work: AbortController,
  ended: AbortSignal,
): Promise<void> {
  const leaseMs = deps.leaseMs ?? defaultLeaseMs;
  while (!ended.aborted) {
    try {
      await deps.clock.sleep(leaseMs / 3, ended);
    } catch {
      return;
    }
    // A database that is away for a moment is no lost lease: the next round asks again.
    const held = await deps.queue.renew(job, leaseMs).catch(() => true);
    if (!held) work.abort(new Error("the lease was lost"));
  }
}

async function attempt(
  handler: JobHandler,
  job: LeasedJob,
  work: AbortSignal,
): Promise<JobOutcome> {
  if (job.attempt > job.maxAttempts)
    return { kind: "dead", reason: "The program stopped each time it worked on this." };
  try {
    return await handler.run(job, work);
  } catch (error) {
    return { kind: "retry", reason: describe(error) };
  }
}

async function settle(
  deps: JobWorkersDeps,
  handler: JobHandler,
  job: LeasedJob,
  outcome: JobOutcome,
): Promise<void> {
  const { queue } = deps;
  switch (outcome.kind) {
    case "complete":
      await queue.complete(job);
      return;
    case "wait":
      await queue.postpone(job, outcome.reason, outcome.delayMs);
      return;
    case "retry":
      if (job.attempt < job.maxAttempts) {
        await queue.fail(job, outcome.reason, backoffMs(job.attempt));
        return;
      }
      break;
    case "dead":
      break;
    default:
      outcome satisfies never;
  }
  // First where people look, then the queue: a crash in between only repeats it.
  await handler.giveUp(job, outcome.reason);
  await queue.bury(job, outcome.reason);
}

async function work(deps: JobWorkersDeps, job: LeasedJob, signal: AbortSignal): Promise<void> {
  const handler = deps.handlers[job.kind];
  if (handler === undefined) throw new TypeError(`no handler for ${job.kind}`);
  const lost = new AbortController();
  const ended = new AbortController();
  const keeping = keepLease(deps, job, lost, ended.signal);
  try {
    const outcome = await attempt(handler, job, AbortSignal.any([signal, lost.signal]));
    if (lost.signal.aborted) return;
    if (signal.aborted && outcome.kind !== "complete")
      await deps.queue.postpone(job, "Drover was stopped.", 0);
    else await settle(deps, handler, job, outcome);
  } finally {
    ended.abort();
    await keeping;
  }
}

/** Takes jobs one at a time: reading and embedding documents share the machine with answering. */
export function createJobWorkers(deps: JobWorkersDeps): JobWorkers {
  const kinds = Object.keys(deps.handlers);
  let woken = new AbortController();
  let sweptAt: number | null = null;
  const rest = async (signal: AbortSignal, ms: number) => {
    await deps.clock.sleep(ms, AbortSignal.any([signal, woken.signal])).catch(() => undefined);
    if (!woken.signal.aborted) return;
    woken = new AbortController();
    sweptAt = null;
  };

  const run = async (signal: AbortSignal): Promise<void> => {
    while (!signal.aborted) {
      try {
        const job = await deps.queue.lease(kinds, deps.owner, deps.leaseMs ?? defaultLeaseMs);
        if (job !== null) {
          await work(deps, job, signal);
          continue;
        }
        if (sweptAt === null || deps.clock.now() - sweptAt >= sweepEveryMs) {
          sweptAt = deps.clock.now();
          await deps.sweep(signal);
        }
      } catch (error) {
        deps.onFault(error);
      }
      await rest(signal, idleMs);
    }
  };

  return {
    run,
    wake: () => {
      woken.abort();
    },
  };
}
