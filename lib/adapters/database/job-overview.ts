import { sql, type SQL } from "drizzle-orm";
import type { Actor } from "../../core/access/actor.ts";
import { AppError } from "../../core/errors/app-error.ts";
import type { JobOverviewReader, JobSummary, OpenOrDead } from "../../ports/job-overview.ts";
import { firstRow, rowsOf, type SqlDatabase } from "./sql-database.ts";

const mostOfEach = 200;

interface JobRow {
  readonly [column: string]: unknown;
  readonly id: string;
  readonly kind: string;
  readonly status: OpenOrDead;
  readonly priority: number;
  readonly attempt: number;
  readonly max_attempts: number;
  readonly reason: string | null;
  readonly subject: string | null;
  readonly document_id: string | null;
  readonly run_after: string;
  readonly lease_expires_at: string | null;
  readonly created_at: string;
  readonly ended_at: string | null;
}

const dateOrNull = (value: string | null): Date | null => (value === null ? null : new Date(value));

const toSummary = (row: JobRow): JobSummary => ({
  id: row.id,
  kind: row.kind,
  status: row.status,
  priority: row.priority,
  attempt: row.attempt,
  maxAttempts: row.max_attempts,
  reason: row.reason,
  subject: row.subject,
  documentId: row.document_id,
  runAfter: new Date(row.run_after),
  leaseExpiresAt: dateOrNull(row.lease_expires_at),
  createdAt: new Date(row.created_at),
  endedAt: dateOrNull(row.ended_at),
});

/** Jobs of the actor's workspace: by the document that they work on, or by the workspace that they name. */
const ownJobs = (actor: Actor): SQL => sql`
  select j.*, d.title as subject, d.id as document_id
  from jobs j
    left join documents d on d.id::text = j.payload ->> 'documentId'
    left join collections c on c.id = d.collection_id
  where coalesce(c.workspace_id::text, j.payload ->> 'workspaceId') = ${actor.workspaceId}`;

const ordered = (actor: Actor): SQL => sql`
  with own as (${ownJobs(actor)}), placed as (
    select *, row_number() over (partition by status order by
        case when status = 'dead' then extract(epoch from ended_at) else priority end desc,
        run_after, created_at) as place
    from own where status in ('waiting', 'running', 'dead'))
  select * from placed where place <= ${mostOfEach}
  order by array_position(array['running', 'waiting', 'dead'], status), place`;

/** The queue as admins see it; the queue itself is in postgres-job-queue.ts. */
export function createJobOverview(deps: { readonly database: SqlDatabase }): JobOverviewReader {
  const { database } = deps;
  return {
    async read(actor) {
      const totals = await firstRow<Record<OpenOrDead | "completed" | "oldest_ms", number>>(
        database,
        sql`with own as (${ownJobs(actor)}) select
          count(*) filter (where status = 'waiting')::int as waiting,
          count(*) filter (where status = 'running')::int as running,
          count(*) filter (where status = 'dead')::int as dead,
          count(*) filter (where status = 'complete' and ended_at > now() - interval '1 hour')::int as completed,
          coalesce(extract(epoch from now() - min(run_after)
            filter (where status = 'waiting' and run_after <= now())) * 1000, 0)::float8 as oldest_ms
          from own`,
      );
      const rows = await rowsOf<JobRow>(database, ordered(actor));
      const { waiting = 0, running = 0, dead = 0 } = totals ?? {};
      return {
        counts: { waiting, running, dead },
        completedLastHour: totals?.completed ?? 0,
        oldestWaitMs: Math.round(totals?.oldest_ms ?? 0),
        jobs: rows.map(toSummary),
      };
    },
    async find(actor, jobId) {
      const row = await firstRow<JobRow>(
        database,
        sql`with own as (${ownJobs(actor)}) select * from own
          where id = ${jobId} and status in ('waiting', 'running', 'dead')`,
      );
      if (row === undefined) throw new AppError("not_found", {});
      return toSummary(row);
    },
  };
}
