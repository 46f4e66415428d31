import { sql, type SQL } from "drizzle-orm";
import type { Actor } from "../../core/access/actor.ts";
import type { AnswerSnapshot } from "../../core/chat/events.ts";
import { AppError } from "../../core/errors/app-error.ts";
import type {
  CacheEntryDetail,
  CacheEntrySummary,
  CacheHour,
  CacheOverviewStore,
} from "../../ports/cache-overview.ts";
import { isWordingShown } from "./cache-entry-words.ts";
import { changed, firstRow, rowsOf, type SqlDatabase } from "./sql-database.ts";

interface EntryRow {
  readonly [column: string]: unknown;
  readonly id: string;
  readonly question: string | null;
  readonly source: CacheEntrySummary["source"];
  readonly documents: readonly string[] | null;
  readonly wordings: number;
  readonly hits: number;
  readonly last_hit_at: Date | string | null;
  readonly created_at: Date | string;
}

const isQuestionShown = (actor: Actor): SQL =>
  isWordingShown(actor, {
    scopeKey: sql`e.scope_key`,
    exactKey: sql`e.exact_key`,
    question: sql`e.question`,
  });

const summaryColumns = (
  actor: Actor,
): SQL => sql`e.id, case when ${isQuestionShown(actor)} then e.question end as question, e.source, e.hits, e.last_hit_at, e.created_at,
  (select jsonb_agg(distinct s ->> 'documentTitle') from jsonb_array_elements(e.answer -> 'sources') s) as documents,
  (select count(*)::integer from cache_aliases a where a.entry_id = e.id) as wordings`;

const dateOrNull = (value: Date | string | null): Date | null =>
  value === null ? null : new Date(value);

const toSummary = (row: EntryRow): CacheEntrySummary => ({
  id: row.id,
  question: row.question,
  source: row.source,
  documents: row.documents ?? [],
  wordings: row.wordings,
  hits: row.hits,
  lastHitAt: dateOrNull(row.last_hit_at),
  createdAt: new Date(row.created_at),
});

const requireAdmin = (actor: Actor): void => {
  if (actor.role !== "admin") throw new AppError("forbidden", {});
};

/** A phrased sentence takes up the words of the question; what is quoted stands in the documents. */
const withoutWords = (answer: AnswerSnapshot): AnswerSnapshot => ({
  ...answer,
  sentences: [],
  openText: "",
});

async function aliasesOf(
  database: SqlDatabase,
  actor: Actor,
  entryId: string,
): Promise<CacheEntryDetail["aliases"]> {
  const shown = isWordingShown(actor, {
    scopeKey: sql`x.scope_key`,
    exactKey: sql`x.exact_key`,
    question: sql`x.question`,
  });
  const rows = await rowsOf<{
    question: string | null;
    proof: { readonly by?: string; readonly cosine?: number };
    created_at: Date | string;
  }>(
    database,
    sql`select case when ${shown} then x.question end as question, x.proof, x.created_at
      from cache_aliases x join cache_entries e on e.id = x.entry_id
      where x.entry_id = ${entryId} order by x.created_at desc limit 50`,
  );
  return rows.map(({ question, proof, created_at: at }) => ({
    question,
    by: proof.by ?? "",
    cosine: proof.cosine ?? null,
    createdAt: new Date(at),
  }));
}

async function entry(database: SqlDatabase, actor: Actor, id: string): Promise<CacheEntryDetail> {
  requireAdmin(actor);
  const row = await firstRow<
    EntryRow & { answer: AnswerSnapshot; cost_ms: number; cost_tokens: number }
  >(
    database,
    sql`select ${summaryColumns(actor)}, e.answer, e.cost_ms, e.cost_tokens from cache_entries e
      where e.id = ${id} and e.workspace_id = ${actor.workspaceId}`,
  );
  if (row === undefined) throw new AppError("not_found", {});
  const aliases = await aliasesOf(database, actor, id);
  const generations = await rowsOf<{ name: string | null; made: string; now: string | null }>(
    database,
    sql`select c.name, g.value::text as made, c.corpus_generation as now from cache_entries e
        cross join jsonb_each(e.generations) g
        left join collections c on c.id = g.key::uuid and c.deleted_at is null
      where e.id = ${id} order by c.name limit 50`,
  );
  return {
    ...toSummary(row),
    answer: row.question === null ? withoutWords(row.answer) : row.answer,
    aliases,
    generations: generations.map(({ name, made, now }) => ({
      collectionName: name ?? "",
      made: Number(made),
      now: now === null ? null : Number(now),
    })),
    costMs: row.cost_ms,
    costTokens: row.cost_tokens,
  };
}

async function clear(database: SqlDatabase, actor: Actor, collectionId: string): Promise<number> {
  requireAdmin(actor);
  const own = await firstRow(
    database,
    sql`select 1 from collections where id = ${collectionId} and workspace_id = ${actor.workspaceId}
      and deleted_at is null and conversation_id is null`,
  );
  if (own === undefined) throw new AppError("not_found", {});
  return changed(
    database,
    sql`delete from cache_entries where workspace_id = ${actor.workspaceId} and source <> 'curated'
      and cited @> ${JSON.stringify([{ collectionId }])}::jsonb`,
  );
}

async function hours(
  database: SqlDatabase,
  actor: Actor,
  since: Date,
): Promise<readonly CacheHour[]> {
  requireAdmin(actor);
  const rows = await rowsOf<{
    hour: Date | string;
    result: CacheHour["result"];
    reason: string;
    lookups: number;
    saved_ms: string;
    saved_tokens: string;
  }>(
    database,
    sql`select hour, result, reason, lookups, saved_ms, saved_tokens from cache_counts
      where workspace_id = ${actor.workspaceId} and hour >= ${since.toISOString()}::timestamptz
      order by hour, result, reason`,
  );
  return rows.map((row) => ({
    hour: new Date(row.hour),
    result: row.result,
    reason: row.reason,
    lookups: row.lookups,
    savedMs: Number(row.saved_ms),
    savedTokens: Number(row.saved_tokens),
  }));
}

export function createCacheOverviewStore(deps: {
  readonly database: SqlDatabase;
}): CacheOverviewStore {
  const { database } = deps;
  return {
    hours: (actor, since) => hours(database, actor, since),
    async totals(actor) {
      requireAdmin(actor);
      const row = await firstRow<Record<string, string | number>>(
        database,
        sql`select count(*)::integer as entries, coalesce(sum(bytes::bigint), 0)::bigint as bytes,
            count(*) filter (where source = 'curated')::integer as curated,
            count(*) filter (where source = 'prewarmed')::integer as prewarmed,
            (select count(*)::integer from cache_aliases a join cache_entries x on x.id = a.entry_id
              where x.workspace_id = ${actor.workspaceId}) as aliases
          from cache_entries where workspace_id = ${actor.workspaceId}`,
      );
      const of = (name: string): number => Number(row?.[name] ?? 0);
      return {
        entries: of("entries"),
        bytes: of("bytes"),
        curated: of("curated"),
        prewarmed: of("prewarmed"),
        aliases: of("aliases"),
      };
    },
    async entries(actor, text, { offset, limit }) {
      requireAdmin(actor);
      const rows = await rowsOf<EntryRow>(
        database,
        sql`select ${summaryColumns(actor)} from cache_entries e where e.workspace_id = ${actor.workspaceId}
            and (${text} = '' or (position(lower(${text}) in lower(e.question)) > 0 and ${isQuestionShown(actor)}))
          order by e.created_at desc, e.id limit ${limit} offset ${offset}`,
      );
      return rows.map(toSummary);
    },
    entry: (actor, id) => entry(database, actor, id),
    async remove(actor, id) {
      requireAdmin(actor);
      const removed = await changed(
        database,
        sql`delete from cache_entries where id = ${id} and workspace_id = ${actor.workspaceId}`,
      );
      if (removed === 0) throw new AppError("not_found", {});
    },
    clear: (actor, collectionId) => clear(database, actor, collectionId),
  };
}
