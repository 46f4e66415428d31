import { sql, type SQL } from "drizzle-orm";
import type { JobQueue, LeasedJob, NewJob } from "../../ports/job-queue.ts";
import {
  changed,
  firstRow,
  json,
  type SqlDatabase,
  type SqlRunner,
  texts,
} from "./sql-database.ts";

const defaultMaxAttempts = 3;

const after = (delayMs: number): SQL => sql`now() + ${delayMs} * interval '1 millisecond'`;

/** The row of a job that this worker still holds; everything that ends or extends it goes through here. */
const held = (job: LeasedJob): SQL =>
  sql`id = ${job.id} and attempt = ${job.attempt} and status = 'running'`;

/**
 * Writes a job in the caller's own transaction, so that it exists exactly when what it works on does.
 * An open job with the same key is kept, and its id returned.
 */
export async function insertJob(runner: SqlRunner, job: NewJob): Promise<string> {
  const key = job.dedupeKey ?? null;
  for (;;) {
    const inserted = await firstRow<{ id: string }>(
      runner,
      sql`insert into jobs (kind, dedupe_key, payload, priority, max_attempts)
        values (${job.kind}, ${key}, ${json(job.payload)}, ${job.priority ?? 0},
          ${job.maxAttempts ?? defaultMaxAttempts})
        on conflict (dedupe_key) where status in ('waiting', 'running') do nothing
        returning id`,
    );
    if (inserted !== undefined) return inserted.id;
    const open = await firstRow<{ id: string }>(
      runner,
      sql`select id from jobs where dedupe_key = ${key} and status in ('waiting', 'running')`,
    );
    // Neither inserted nor open: the other one ended in between, so there is room now.
    if (open !== undefined) return open.id;
  }
}

export const cancelJob = async (runner: SqlRunner, dedupeKey: string): Promise<boolean> =>
  (await changed(
    runner,
    sql`update jobs set status = 'cancelled', ended_at = now(), lease_owner = null
      where dedupe_key = ${dedupeKey} and status in ('waiting', 'running')`,
  )) > 0;

/**
 * What may be taken now. A clock that was set back leaves jobs that were made later than now, and leases that last longer than any
 * could: neither waits for the clock to catch up.
 */
const isDue = (leaseMs: number): SQL =>
  sql`((status = 'waiting' and (run_after <= now() or created_at > now()))
    or (status = 'running' and (lease_expires_at <= now() or lease_expires_at > ${after(2 * leaseMs)})))`;

async function lease(
  runner: SqlRunner,
  kinds: readonly string[],
  owner: string,
  leaseMs: number,
): Promise<LeasedJob | null> {
  const row = await firstRow<{
    id: string;
    kind: string;
    payload: Record<string, unknown>;
    attempt: number;
    max_attempts: number;
  }>(
    runner,
    sql`update jobs set status = 'running', attempt = attempt + 1, lease_owner = ${owner},
        lease_expires_at = ${after(leaseMs)}
      where id = (
        select id from jobs
        where kind = any(${texts(kinds)})
          and ${isDue(leaseMs)}
        order by priority desc, run_after, created_at
        limit 1 for update skip locked)
      returning id, kind, payload, attempt, max_attempts`,
  );
  if (row === undefined) return null;
  const { id, kind, payload, attempt } = row;
  return { id, kind, payload, attempt, maxAttempts: row.max_attempts };
}

/** Gives a held job back; `spare` attempts are added so that waiting does not use any up. */
const giveBack = (job: LeasedJob, reason: string, delayMs: number, spare: 0 | 1): SQL =>
  sql`update jobs set status = 'waiting', run_after = ${after(delayMs)}, lease_owner = null,
      lease_expires_at = null, reason = ${reason}, max_attempts = max_attempts + ${spare}
    where ${held(job)}`;

const end = (job: LeasedJob, status: "complete" | "dead", reason: string | null): SQL =>
  sql`update jobs set status = ${status}, reason = ${reason}, ended_at = now(), lease_owner = null,
      lease_expires_at = null
    where ${held(job)}`;

/** Attempts go on counting, because they fence whoever worked on it before. */
const replay = (jobId: string): SQL =>
  sql`update jobs set status = 'waiting', run_after = now(), reason = null, ended_at = null,
      max_attempts = attempt + ${defaultMaxAttempts}
    where id = ${jobId} and status = 'dead' and not exists (select 1 from jobs other
      where other.dedupe_key = jobs.dedupe_key and other.status in ('waiting', 'running'))`;

/** The job queue in the `jobs` table. Time is the database's, so replicas need no equal clocks. */
export function createPostgresJobQueue(deps: { readonly database: SqlDatabase }): JobQueue {
  const { database } = deps;
  const changesOne = async (query: SQL) => (await changed(database, query)) === 1;
  return {
    enqueue: (job) => insertJob(database, job),
    lease: (kinds, owner, leaseMs) => lease(database, kinds, owner, leaseMs),
    renew: (job, leaseMs) =>
      changesOne(sql`update jobs set lease_expires_at = ${after(leaseMs)} where ${held(job)}`),
    complete: (job) => changesOne(end(job, "complete", null)),
    fail: async (job, reason, delayMs) => {
      const dead = job.attempt >= job.maxAttempts;
      const query = dead ? end(job, "dead", reason) : giveBack(job, reason, delayMs, 0);
      if (!(await changesOne(query))) return "lost";
      return dead ? "dead" : "waiting";
    },
    postpone: (job, reason, delayMs) => changesOne(giveBack(job, reason, delayMs, 1)),
    bury: (job, reason) => changesOne(end(job, "dead", reason)),
    cancel: (dedupeKey) => cancelJob(database, dedupeKey),
    stop: (jobId) =>
      changesOne(sql`update jobs set status = 'cancelled', ended_at = now(), lease_owner = null
        where id = ${jobId} and status in ('waiting', 'running')`),
    replay: (jobId) => changesOne(replay(jobId)),
    purge: (jobId) => changesOne(sql`delete from jobs where id = ${jobId} and status = 'dead'`),
  };
}
