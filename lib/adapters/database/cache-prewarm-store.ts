import { sql } from "drizzle-orm";
import type { Actor } from "../../core/access/actor.ts";
import type { CitedChunk } from "../../core/cache/hit-proof.ts";
import type { AnswerSnapshot } from "../../core/chat/events.ts";
import { AppError } from "../../core/errors/app-error.ts";
import type {
  CachePrewarmStore,
  CuratedAnswer,
  ListedQuestion,
  NewListedQuestion,
  PrewarmRun,
} from "../../ports/cache-prewarm-store.ts";
import { keyOf } from "./cache-keys.ts";
import { toActor } from "./cache-upkeep-store.ts";
import { changed, firstRow, json, rowsOf, type SqlDatabase, texts, uuids } from "./sql-database.ts";

interface ListedRow {
  readonly [column: string]: unknown;
  readonly id: string;
  readonly workspace_id: string;
  readonly question: string;
  readonly collection_ids: readonly string[];
  readonly answer: string | null;
  readonly snapshot: AnswerSnapshot | null;
  readonly cited: readonly CitedChunk[] | null;
  readonly ranked_chunk_ids: readonly string[] | null;
  readonly generations: Readonly<Record<string, number>> | null;
  readonly updated_at: Date | string;
}

function curatedOf(row: ListedRow): CuratedAnswer | null {
  if (row.answer === null || row.snapshot === null) return null;
  return {
    answer: row.answer,
    snapshot: row.snapshot,
    cited: row.cited ?? [],
    rankedChunkIds: row.ranked_chunk_ids ?? [],
    generations: new Map(Object.entries(row.generations ?? {})),
  };
}

const toListed = (row: ListedRow): ListedQuestion => ({
  id: row.id,
  workspaceId: row.workspace_id,
  question: row.question,
  collectionIds: row.collection_ids,
  curated: curatedOf(row),
  updatedAt: new Date(row.updated_at),
});

const requireAdmin = (actor: Actor): void => {
  if (actor.role !== "admin") throw new AppError("forbidden", {});
};

async function list(
  database: SqlDatabase,
  actor: Actor,
  { question, exactText, collectionIds, curated }: NewListedQuestion,
): Promise<ListedQuestion> {
  requireAdmin(actor);
  const generations = curated === null ? null : Object.fromEntries(curated.generations);
  const row = await firstRow<ListedRow>(
    database,
    sql`insert into cache_listed_questions (workspace_id, exact_key, question, collection_ids, answer, snapshot,
        cited, ranked_chunk_ids, generations, created_by)
      values (${actor.workspaceId}, ${keyOf(exactText)}, ${question}, ${uuids(collectionIds)},
        ${curated?.answer ?? null}, ${json(curated?.snapshot ?? null)}, ${json(curated?.cited ?? null)},
        ${texts(curated?.rankedChunkIds ?? [])}, ${json(generations)}, ${actor.userId})
      on conflict (workspace_id, exact_key) do update set question = excluded.question,
        collection_ids = excluded.collection_ids, answer = excluded.answer, snapshot = excluded.snapshot,
        cited = excluded.cited, ranked_chunk_ids = excluded.ranked_chunk_ids, generations = excluded.generations,
        created_by = excluded.created_by, updated_at = now()
      returning *`,
  );
  if (row === undefined) throw new AppError("internal", { reason: "no row" });
  return toListed(row);
}

async function unlist(database: SqlDatabase, actor: Actor, id: string): Promise<ListedQuestion> {
  requireAdmin(actor);
  const row = await firstRow<ListedRow & { exact_key: string }>(
    database,
    sql`delete from cache_listed_questions where id = ${id} and workspace_id = ${actor.workspaceId} returning *`,
  );
  if (row === undefined) throw new AppError("not_found", {});
  // What an admin wrote ends with its place on the list.
  await changed(
    database,
    sql`delete from cache_entries where workspace_id = ${actor.workspaceId} and exact_key = ${row.exact_key}
      and source = 'curated'`,
  );
  return toListed(row);
}

interface RunRow {
  readonly [column: string]: unknown;
  readonly id: string;
  readonly started_at: Date | string;
  readonly ended_at: Date | string | null;
  readonly trigger: PrewarmRun["trigger"];
  readonly outcome: PrewarmRun["outcome"];
  readonly counts: PrewarmRun["counts"];
  readonly cost_ms: string | number;
  readonly cost_tokens: string | number;
}

const toRun = (row: RunRow): PrewarmRun => ({
  id: row.id,
  startedAt: new Date(row.started_at),
  endedAt: row.ended_at === null ? null : new Date(row.ended_at),
  trigger: row.trigger,
  outcome: row.outcome,
  counts: row.counts,
  costMs: Number(row.cost_ms),
  costTokens: Number(row.cost_tokens),
});

const runsOf = (
  database: SqlDatabase,
): Pick<CachePrewarmStore, "request" | "begin" | "endAbandoned" | "progress" | "end" | "runs"> => ({
  async request() {
    await changed(
      database,
      sql`insert into cache_prewarm_runs (trigger, outcome, counts) select 'admin', 'requested', '{}'
        where not exists (select 1 from cache_prewarm_runs where outcome = 'requested')`,
    );
  },
  async begin(trigger) {
    const asked = await firstRow<{ id: string }>(
      database,
      sql`update cache_prewarm_runs set outcome = 'running', started_at = now() where outcome = 'requested' returning id`,
    );
    if (asked !== undefined || trigger === null) return asked?.id ?? null;
    const begun = await firstRow<{ id: string }>(
      database,
      sql`insert into cache_prewarm_runs (trigger, outcome, counts) values (${trigger}, 'running', '{}') returning id`,
    );
    return begun?.id ?? null;
  },
  async endAbandoned() {
    await changed(
      database,
      sql`update cache_prewarm_runs set outcome = 'stopped', ended_at = now() where outcome = 'running'`,
    );
  },
  async progress(runId, { counts, costMs, costTokens }) {
    await changed(
      database,
      sql`update cache_prewarm_runs set counts = ${json(counts)}, cost_ms = ${Math.round(costMs)},
        cost_tokens = ${costTokens} where id = ${runId}`,
    );
  },
  async end(runId, outcome) {
    await changed(
      database,
      sql`update cache_prewarm_runs set outcome = ${outcome}, ended_at = now() where id = ${runId}`,
    );
    await changed(
      database,
      sql`delete from cache_prewarm_runs where started_at < now() - interval '90 days'`,
    );
  },
  async runs(limit) {
    const rows = await rowsOf<RunRow>(
      database,
      sql`select * from cache_prewarm_runs order by started_at desc limit ${limit}`,
    );
    return rows.map(toRun);
  },
});

const askersOf = (
  database: SqlDatabase,
): Pick<CachePrewarmStore, "workspaces" | "people" | "popular"> => ({
  async workspaces() {
    const rows = await rowsOf<{ id: string }>(database, sql`select id from workspaces order by id`);
    return rows.map(({ id }) => id);
  },
  async people(workspaceId, limit) {
    const rows = await rowsOf<{ user_id: string; workspace_id: string; role: Actor["role"] }>(
      database,
      sql`select u.id as user_id, u.workspace_id, u.role from users u
            left join (select user_id, max(last_asked_at) as at from cache_wordings group by user_id) w
              on w.user_id = u.id
          where u.workspace_id = ${workspaceId} and u.suspended_at is null
          order by w.at desc nulls last, u.created_at, u.id limit ${limit}`,
    );
    return rows.map(toActor);
  },
  async popular(workspaceId, limit) {
    const rows = await rowsOf<{
      user_id: string;
      workspace_id: string;
      role: Actor["role"];
      question: string;
      collection_ids: readonly string[];
    }>(
      database,
      sql`select t.user_id, t.workspace_id, u.role, t.question, t.collection_ids from cache_wordings t
            join users u on u.id = t.user_id and u.workspace_id = t.workspace_id and u.suspended_at is null
          where t.workspace_id = ${workspaceId} and t.asked > 1 and t.last_asked_at > now() - interval '30 days'
          order by t.asked desc, t.last_asked_at desc, t.exact_key limit ${limit}`,
    );
    return rows.map((row) => ({
      actor: toActor(row),
      question: row.question,
      collectionIds: row.collection_ids,
    }));
  },
});

export function createCachePrewarmStore(deps: {
  readonly database: SqlDatabase;
}): CachePrewarmStore {
  const { database } = deps;
  return {
    ...askersOf(database),
    async listed(workspaceId) {
      const rows = await rowsOf<ListedRow>(
        database,
        sql`select * from cache_listed_questions where workspace_id = ${workspaceId} order by created_at, id`,
      );
      return rows.map(toListed);
    },
    list: (actor, question) => list(database, actor, question),
    unlist: (actor, id) => unlist(database, actor, id),
    async corpusState() {
      const row = await firstRow<{ state: string }>(
        database,
        sql`select count(*)::text || ' ' || coalesce(sum(corpus_generation), 0)::text as state from collections
          where deleted_at is null and conversation_id is null`,
      );
      return row?.state ?? "";
    },
    ...runsOf(database),
  };
}
