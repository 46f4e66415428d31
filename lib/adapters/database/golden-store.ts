import { sql, type SQL } from "drizzle-orm";
import type { Actor } from "../../core/access/actor.ts";
import { AppError } from "../../core/errors/app-error.ts";
import { goldenLimits } from "../../core/evaluation/golden-file.ts";
import type {
  GoldenQuestion,
  GoldenRun,
  GoldenRunSummary,
  GoldenStore,
  NewGoldenQuestion,
} from "../../ports/golden-store.ts";
import { managedCollections } from "./access.ts";
import { insertJob } from "./postgres-job-queue.ts";
import {
  changed,
  firstRow,
  json,
  rowsOf,
  type SqlDatabase,
  type SqlRunner,
  texts,
  uuids,
} from "./sql-database.ts";

interface QuestionRow {
  readonly [column: string]: unknown;
  readonly id: string;
  readonly question: string;
  readonly file_name: string | null;
  readonly passage: string;
  readonly answer_id: string | null;
  readonly created_at: string;
}

export const questionColumns = sql`g.id, g.question, g.file_name, g.passage, g.answer_id, g.created_at`;

export const toQuestion = (row: QuestionRow): GoldenQuestion => ({
  id: row.id,
  question: row.question,
  fileName: row.file_name,
  passage: row.passage,
  answerId: row.answer_id,
  createdAt: new Date(row.created_at),
});

interface RunRow {
  readonly [column: string]: unknown;
  readonly id: string;
  readonly collection_id: string;
  readonly status: GoldenRunSummary["status"];
  readonly settings: GoldenRunSummary["settings"];
  readonly metrics: GoldenRunSummary["metrics"];
  readonly question_count: number;
  readonly asked_count: number;
  readonly failure: string | null;
  readonly created_at: string;
  readonly ended_at: string | null;
}

const runColumns = sql`r.id, r.collection_id, r.status, r.settings, r.metrics, r.question_count,
  jsonb_array_length(r.results) as asked_count, r.failure, r.created_at, r.ended_at`;

const toSummary = (row: RunRow): GoldenRunSummary => ({
  id: row.id,
  status: row.status,
  settings: row.settings,
  metrics: row.metrics,
  questionCount: row.question_count,
  askedCount: row.asked_count,
  failure: row.failure,
  createdAt: new Date(row.created_at),
  endedAt: row.ended_at === null ? null : new Date(row.ended_at),
});

/** @param lock `for update` where the collection must not change meanwhile */
async function requireManaged(
  runner: SqlRunner,
  actor: Actor,
  collectionId: string,
  lock: SQL = sql``,
) {
  const row = await firstRow(
    runner,
    sql`select c.id from collections c where c.id = ${collectionId}
      and c.id in ${managedCollections(actor)} ${lock}`,
  );
  if (row === undefined) throw new AppError("not_found", {});
}

/** A run whose job was cancelled in the queue has ended too. */
const endCancelled = (runner: SqlRunner, collectionId: string) =>
  changed(
    runner,
    sql`update golden_runs r set status = 'failed', failure = 'It was cancelled.', ended_at = now()
      where r.collection_id = ${collectionId} and r.status in ('waiting', 'running')
        and not exists (select 1 from jobs j where j.dedupe_key = 'golden:' || r.id
          and j.status in ('waiting', 'running'))`,
  );

async function list(database: SqlRunner, actor: Actor, collectionId: string) {
  await requireManaged(database, actor, collectionId);
  const rows = await rowsOf<QuestionRow>(
    database,
    sql`select ${questionColumns} from golden_questions g where g.collection_id = ${collectionId}
      order by g.created_at desc, g.id`,
  );
  return rows.map(toQuestion);
}

const orNull = (value: string | undefined): string | null => value ?? null;

/** An answer that is not the workspace's own is not linked. */
async function add(
  database: SqlDatabase,
  actor: Actor,
  collectionId: string,
  questions: readonly NewGoldenQuestion[],
) {
  return database.transaction(async (transaction) => {
    await requireManaged(transaction, actor, collectionId, sql`for update`);
    const added = await changed(
      transaction,
      sql`insert into golden_questions (collection_id, question, file_name, passage, answer_id, created_by)
        select distinct on (lower(n.question)) ${collectionId}::uuid, n.question, n.file_name, n.passage, a.id,
          ${actor.userId}
        from unnest(${texts(questions.map(({ question }) => question))},
          ${sql.param(questions.map(({ fileName }) => fileName))}::text[],
          ${texts(questions.map(({ passage }) => passage))},
          ${sql.param(questions.map(({ answerId }) => orNull(answerId)))}::uuid[])
          with ordinality as n(question, file_name, passage, answer_id, place)
          left join conversations v on v.workspace_id = ${actor.workspaceId}
            and v.id = (select conversation_id from answers where id = n.answer_id)
          left join answers a on a.id = n.answer_id and a.conversation_id = v.id
        where not exists (select 1 from golden_questions g where g.collection_id = ${collectionId}
          and lower(g.question) = lower(n.question))
        order by lower(n.question), n.place`,
    );
    const row = await firstRow<{ count: string }>(
      transaction,
      sql`select count(*) from golden_questions where collection_id = ${collectionId}`,
    );
    if (Number(row?.count) > goldenLimits.questions) {
      const issues = [
        `A collection holds ${String(goldenLimits.questions)} golden questions at most.`,
      ];
      throw new AppError("bad_request", { issues });
    }
    return { added, known: questions.length - added };
  });
}

const ownQuestion = (actor: Actor, questionId: string): SQL =>
  sql`g.id = ${questionId} and g.collection_id in ${managedCollections(actor)}`;

const change: (database: SqlDatabase) => GoldenStore["change"] =
  (database) =>
  async (actor, questionId, { question, fileName, passage }) => {
    const row = await firstRow<QuestionRow>(
      database,
      sql`update golden_questions g set question = ${question}, file_name = ${fileName}, passage = ${passage}
        where ${ownQuestion(actor, questionId)} returning ${questionColumns}`,
    );
    if (row === undefined) throw new AppError("not_found", {});
    return toQuestion(row);
  };

async function remove(database: SqlDatabase, actor: Actor, questionId: string): Promise<void> {
  const gone = await changed(
    database,
    sql`delete from golden_questions g where ${ownQuestion(actor, questionId)}`,
  );
  if (gone === 0) throw new AppError("not_found", {});
}

async function* corpus(database: SqlDatabase, actor: Actor, collectionId: string) {
  await requireManaged(database, actor, collectionId);
  const ids = await rowsOf<{ id: string }>(
    database,
    sql`select id from documents where collection_id = ${collectionId} and deleted_at is null
      and published_version_id is not null order by file_name, id`,
  );
  for (const { id } of ids) {
    const row = await firstRow<{ file_name: string; title: string; text: string }>(
      database,
      sql`select d.file_name, d.title, v.text from documents d
        join document_versions v on v.id = d.published_version_id
        where d.id = ${id} and d.deleted_at is null and d.collection_id in ${managedCollections(actor)}`,
    );
    if (row !== undefined) yield { fileName: row.file_name, title: row.title, text: row.text };
  }
}

async function runs(database: SqlDatabase, actor: Actor, collectionId: string) {
  await requireManaged(database, actor, collectionId);
  await endCancelled(database, collectionId);
  const rows = await rowsOf<RunRow>(
    database,
    sql`select ${runColumns} from golden_runs r where r.collection_id = ${collectionId}
      order by r.created_at desc, r.id limit 50`,
  );
  return rows.map(toSummary);
}

async function run(database: SqlDatabase, actor: Actor, runId: string): Promise<GoldenRun> {
  const row = await firstRow<RunRow & { readonly results: GoldenRun["results"] }>(
    database,
    sql`select ${runColumns}, r.results from golden_runs r
      where r.id = ${runId} and r.collection_id in ${managedCollections(actor)}`,
  );
  if (row === undefined) throw new AppError("not_found", {});
  return { ...toSummary(row), collectionId: row.collection_id, results: row.results };
}

const start: (database: SqlDatabase) => GoldenStore["start"] =
  (database) => (actor, collectionId, settings) =>
    database.transaction(async (transaction) => {
      await requireManaged(transaction, actor, collectionId, sql`for update`);
      await endCancelled(transaction, collectionId);
      const open = await firstRow(
        transaction,
        sql`select 1 as open from golden_runs where collection_id = ${collectionId}
          and status in ('waiting', 'running')`,
      );
      if (open !== undefined) throw new AppError("conflict", { reason: "a run is under way" });
      const row = await firstRow<RunRow>(
        transaction,
        sql`insert into golden_runs as r (collection_id, settings, metrics, results, question_count, created_by)
          select ${collectionId}::uuid, ${json(settings)}, '{}', '[]', count(*), ${actor.userId}
          from golden_questions where collection_id = ${collectionId} having count(*) > 0
          returning ${runColumns}`,
      );
      if (row === undefined) throw new AppError("conflict", { reason: "no golden questions" });
      const { workspaceId } = actor;
      await insertJob(transaction, {
        kind: "golden",
        payload: { runId: row.id, workspaceId },
        dedupeKey: `golden:${row.id}`,
        priority: goldenPriority,
      });
      return toSummary(row);
    });

/** After everything that people wait for. */
const goldenPriority = -10;

async function removeRun(database: SqlDatabase, actor: Actor, runId: string): Promise<void> {
  const gone = await changed(
    database,
    sql`delete from golden_runs r where r.id = any(${uuids([runId])})
      and r.collection_id in ${managedCollections(actor)}`,
  );
  if (gone === 0) throw new AppError("not_found", {});
}

export function createGoldenStore(deps: { readonly database: SqlDatabase }): GoldenStore {
  const { database } = deps;
  return {
    list: (actor, collectionId) => list(database, actor, collectionId),
    add: (actor, collectionId, questions) => add(database, actor, collectionId, questions),
    change: change(database),
    remove: (actor, questionId) => remove(database, actor, questionId),
    corpus: (actor, collectionId) => corpus(database, actor, collectionId),
    runs: (actor, collectionId) => runs(database, actor, collectionId),
    run: (actor, runId) => run(database, actor, runId),
    start: start(database),
    removeRun: (actor, runId) => removeRun(database, actor, runId),
  };
}
