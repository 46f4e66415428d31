import { sql } from "drizzle-orm";
import type { GoldenResult } from "../../core/evaluation/golden-question.ts";
import type { GoldenRuns, GoldenRunSettings, OpenGoldenRun } from "../../ports/golden-store.ts";
import { questionColumns, toQuestion } from "./golden-store.ts";
import { changed, firstRow, json, rowsOf, type SqlDatabase } from "./sql-database.ts";

async function open(database: SqlDatabase, runId: string): Promise<OpenGoldenRun | null> {
  const run = await firstRow<{
    collection_id: string;
    workspace_id: string;
    created_by: string;
    settings: GoldenRunSettings;
    results: readonly GoldenResult[];
  }>(
    database,
    sql`update golden_runs r set status = 'running' from collections c
      where r.id = ${runId} and r.status in ('waiting', 'running') and c.id = r.collection_id
        and c.deleted_at is null
      returning r.collection_id, c.workspace_id, r.created_by, r.settings, r.results`,
  );
  if (run === undefined) return null;
  const questions = await rowsOf<Parameters<typeof toQuestion>[0]>(
    database,
    sql`select ${questionColumns} from golden_questions g where g.collection_id = ${run.collection_id}
      order by g.created_at, g.id`,
  );
  const names = await rowsOf<{ id: string; file_name: string }>(
    database,
    sql`select id, file_name from documents where collection_id = ${run.collection_id}
      and deleted_at is null and published_version_id is not null`,
  );
  const asked = new Set(run.results.map(({ questionId }) => questionId));
  return {
    actor: { userId: run.created_by, workspaceId: run.workspace_id, role: "admin" },
    collectionId: run.collection_id,
    settings: run.settings,
    results: run.results,
    left: questions.map(toQuestion).filter(({ id }) => !asked.has(id)),
    fileNames: new Map(names.map((row) => [row.id, row.file_name])),
  };
}

export function createGoldenRuns(deps: { readonly database: SqlDatabase }): GoldenRuns {
  const { database } = deps;
  return {
    open: (runId) => open(database, runId),
    async progress(runId, results) {
      await changed(
        database,
        sql`update golden_runs set results = ${json(results)} where id = ${runId} and status = 'running'`,
      );
    },
    async finish(runId, results, metrics) {
      await changed(
        database,
        sql`update golden_runs set results = ${json(results)}, metrics = ${json(metrics)},
            status = 'complete', ended_at = now(), question_count = ${results.length}::integer
          where id = ${runId} and status = 'running'`,
      );
    },
    async fail(runId, reason) {
      await changed(
        database,
        sql`update golden_runs set status = 'failed', failure = ${reason}, ended_at = now()
          where id = ${runId} and status in ('waiting', 'running')`,
      );
    },
  };
}
