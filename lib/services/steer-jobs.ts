import type { Actor } from "../core/access/actor.ts";
import { AppError, isAppError } from "../core/errors/app-error.ts";
import type { DocumentStore } from "../ports/document-store.ts";
import type { JobOverview, JobOverviewReader, JobSummary } from "../ports/job-overview.ts";
import type { JobQueue } from "../ports/job-queue.ts";

export const jobActions = ["cancel", "replay", "purge"] as const;
export type JobAction = (typeof jobActions)[number];

export interface SteerJobs {
  overview(actor: Actor): Promise<JobOverview>;
  /** Does it to each job that is still in the state for it; returns how many that were. Throws `not_found` for one that is not theirs. */
  steer(actor: Actor, action: JobAction, jobIds: readonly string[]): Promise<number>;
}

export interface SteerJobsDeps {
  readonly queue: Pick<JobQueue, "stop" | "replay" | "purge">;
  readonly overview: JobOverviewReader;
  readonly documents: Pick<DocumentStore, "requeue" | "cancel">;
  /** Tells the workers that there is something to do. */
  readonly onQueued: () => void;
}

/** A deleted document has nothing left that could be read. */
const gone = (error: unknown): void => {
  if (!isAppError(error, "not_found")) throw error;
};

/** A job of a document changes together with it; the document's own transaction makes the new job. */
async function replay(deps: SteerJobsDeps, actor: Actor, job: JobSummary): Promise<boolean> {
  if (job.status !== "dead") return false;
  if (job.kind !== "ingest" || job.documentId === null) return deps.queue.replay(job.id);
  await deps.documents.requeue(actor, job.documentId).catch(gone);
  return deps.queue.purge(job.id);
}

async function cancel(deps: SteerJobsDeps, actor: Actor, job: JobSummary): Promise<boolean> {
  if (job.status === "dead") return false;
  if (job.kind !== "ingest" || job.documentId === null) return deps.queue.stop(job.id);
  await deps.documents.cancel(actor, job.documentId).catch(gone);
  await deps.queue.stop(job.id);
  return true;
}

function act(
  deps: SteerJobsDeps,
  actor: Actor,
  action: JobAction,
  job: JobSummary,
): Promise<boolean> {
  switch (action) {
    case "cancel":
      return cancel(deps, actor, job);
    case "replay":
      return replay(deps, actor, job);
    case "purge":
      return deps.queue.purge(job.id);
    default:
      return action satisfies never;
  }
}

/** What admins do with the jobs of their workspace. */
export function createSteerJobs(deps: SteerJobsDeps): SteerJobs {
  const requireAdmin = (actor: Actor): void => {
    if (actor.role !== "admin") throw new AppError("forbidden", {});
  };
  return {
    async overview(actor) {
      requireAdmin(actor);
      return deps.overview.read(actor);
    },
    async steer(actor, action, jobIds) {
      requireAdmin(actor);
      let done = 0;
      for (const id of new Set(jobIds)) {
        const job = await deps.overview.find(actor, id);
        if (await act(deps, actor, action, job)) done += 1;
      }
      deps.onQueued();
      return done;
    },
  };
}
