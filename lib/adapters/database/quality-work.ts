import { sql, type SQL } from "drizzle-orm";
import type { Actor } from "../../core/access/actor.ts";
import { AppError } from "../../core/errors/app-error.ts";
import type {
  FailedQuestion,
  QualityWork,
  QualityWorkList,
  UnfoundDocument,
  WorkState,
} from "../../ports/quality-work.ts";
import { listedCollections } from "./access.ts";
import { inspectable, wordsShown } from "./answer-traces.ts";
import { changed, firstRow, rowsOf, type SqlDatabase, uuids } from "./sql-database.ts";

const mostListed = 200;

const dateOrNull = (value: string | null): Date | null => (value === null ? null : new Date(value));

/** Questions that went wrong and that admins may read. */
const failed = (actor: Actor, refusalsShown: boolean): SQL => sql`
  select a.id, a.question, a.started_at, f.reason, v.collection_ids, s.settled_at,
    case when f.rating = 'down' then 'rated-down' else a.outcome end as kind
  from answers a join conversations v on v.id = a.conversation_id
    left join feedback f on f.answer_id = a.id and f.user_id = v.user_id
    left join settled_questions s on s.answer_id = a.id
  where ${inspectable(actor)} and (a.outcome in ('refused', 'failed') or f.rating = 'down')
    and ${wordsShown(actor, refusalsShown)}`;

/** Questions `q` of one work: asked alike of the same collections, gone wrong alike. */
const sameWork = sql`lower(btrim(q.question)), q.collection_ids, q.kind, q.reason`;

/** Never found for as long as one may expect it. Words of no person are in it. */
const unfound = (actor: Actor): SQL => sql`
  select d.id, d.title, c.id as collection_id, c.name, d.chunk_count, d.created_at, s.settled_at
  from documents d join collections c on c.id = d.collection_id
    left join settled_documents s on s.document_id = d.id
  where c.id in ${listedCollections(actor)} and d.deleted_at is null
    and d.published_version_id is not null and d.created_at < now() - interval '7 days'
    and not exists (select 1 from document_finds f where f.document_id = d.id
      and f.day >= to_char((now() - interval '90 days') at time zone 'utc', 'YYYY-MM-DD'))`;

const inState = (state: WorkState): SQL =>
  state === "open" ? sql`settled_at is null` : sql`settled_at is not null`;

async function questions(
  database: SqlDatabase,
  source: SQL,
  state: WorkState,
): Promise<readonly FailedQuestion[]> {
  const rows = await rowsOf<{
    id: string;
    question: string;
    started_at: string;
    kind: FailedQuestion["kind"];
    reason: string | null;
    collection_ids: readonly string[];
    has_trace: boolean;
    is_golden: boolean;
    times: string;
    settled_at: string | null;
  }>(
    database,
    sql`select q.*, exists (select 1 from answer_traces t where t.answer_id = q.id) as has_trace,
        exists (select 1 from golden_questions g where g.answer_id = q.id) as is_golden
      from (select q.*, count(*) over (partition by ${sameWork}) as times,
          row_number() over (partition by ${sameWork} order by started_at desc, id) as nth
        from (${source}) q where ${inState(state)}) q
      where nth = 1 order by started_at desc, id limit ${mostListed}`,
  );
  return rows.map((row) => ({
    answerId: row.id,
    question: row.question,
    askedAt: new Date(row.started_at),
    kind: row.kind,
    reason: row.reason,
    collectionIds: row.collection_ids,
    hasTrace: row.has_trace,
    isGolden: row.is_golden,
    times: Number(row.times),
    settledAt: dateOrNull(row.settled_at),
  }));
}

async function documents(
  database: SqlDatabase,
  actor: Actor,
  state: WorkState,
): Promise<readonly UnfoundDocument[]> {
  const rows = await rowsOf<{
    id: string;
    title: string;
    collection_id: string;
    name: string;
    chunk_count: number;
    created_at: string;
    settled_at: string | null;
  }>(
    database,
    sql`select * from (${unfound(actor)}) u where ${inState(state)}
      order by created_at, id limit ${mostListed}`,
  );
  return rows.map((row) => ({
    documentId: row.id,
    title: row.title,
    collectionId: row.collection_id,
    collectionName: row.name,
    chunkCount: row.chunk_count,
    addedAt: new Date(row.created_at),
    settledAt: dateOrNull(row.settled_at),
  }));
}

async function counts(database: SqlDatabase, actor: Actor, source: SQL) {
  const work = (state: WorkState): SQL =>
    sql`select distinct ${sameWork} from (${source}) q where ${inState(state)}`;
  const row = await firstRow<Readonly<Record<string, string>>>(
    database,
    sql`select (select count(*) from (${work("open")}) w) as open_questions,
        (select count(*) from (${work("done")}) w) as done_questions,
        (select count(*) from (${unfound(actor)}) u where settled_at is null) as open_documents,
        (select count(*) from (${unfound(actor)}) u where settled_at is not null) as done_documents,
        count(*) as asked, count(*) filter (where a.outcome = 'refused') as refused
      from answers a join conversations v on v.id = a.conversation_id
      where ${inspectable(actor)} and a.started_at > now() - interval '30 days'`,
  );
  const of = (name: string): number => Number(row?.[name] ?? 0);
  return {
    counts: {
      open: { questions: of("open_questions"), documents: of("open_documents") },
      done: { questions: of("done_questions"), documents: of("done_documents") },
    },
    lastMonth: { asked: of("asked"), refused: of("refused") },
  };
}

async function list(
  database: SqlDatabase,
  actor: Actor,
  state: WorkState,
  refusalsShown: boolean,
): Promise<QualityWorkList> {
  const source = failed(actor, refusalsShown);
  return {
    questions: await questions(database, source, state),
    documents: await documents(database, actor, state),
    ...(await counts(database, actor, source)),
  };
}

async function settle(
  database: SqlDatabase,
  found: SQL,
  table: SQL,
  column: SQL,
  actor: Actor,
  settled: boolean,
): Promise<void> {
  const rows = await rowsOf<{ id: string }>(database, found);
  if (rows.length === 0) throw new AppError("not_found", {});
  const ids = uuids(rows.map(({ id }) => id));
  await changed(
    database,
    settled
      ? sql`insert into ${table} (${column}, settled_by)
          select id, ${actor.userId} from unnest(${ids}) as found (id) order by id
          on conflict (${column}) do nothing`
      : sql`delete from ${table} where ${column} = any(${ids})`,
  );
}

export function createQualityWork(deps: { readonly database: SqlDatabase }): QualityWork {
  const { database } = deps;
  return {
    list: (actor, state, { refusalsShown }) => list(database, actor, state, refusalsShown),
    settleQuestion: (actor, answerId, settled) =>
      settle(
        database,
        sql`select a.id from answers a join conversations v on v.id = a.conversation_id
          where a.id = ${answerId} and ${inspectable(actor)}
          union select q.id from (${failed(actor, true)}) q join (${failed(actor, true)}) o
            on o.id = ${answerId} and lower(btrim(q.question)) = lower(btrim(o.question))
            and q.collection_ids = o.collection_ids and q.kind = o.kind
            and q.reason is not distinct from o.reason`,
        sql`settled_questions`,
        sql`answer_id`,
        actor,
        settled,
      ),
    settleDocument: (actor, documentId, settled) =>
      settle(
        database,
        sql`select d.id from documents d where d.id = ${documentId} and d.deleted_at is null
          and d.collection_id in ${listedCollections(actor)}`,
        sql`settled_documents`,
        sql`document_id`,
        actor,
        settled,
      ),
  };
}
