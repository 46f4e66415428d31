import { sql } from "drizzle-orm";
import type { Actor } from "../../core/access/actor.ts";
import { keptAnswer } from "../../core/cache/admission.ts";
import { exactText } from "../../core/cache/answer-key.ts";
import type { ServeSnapshot } from "../../core/cache/hit-proof.ts";
import type { AnswerSnapshot } from "../../core/chat/events.ts";
import type { AnswerCacheStore, CachedAnswer, NewAnswer } from "../../ports/answer-cache-store.ts";
import { generationsNow, isAsked } from "./access.ts";
import {
  type EntryRow,
  entryColumns,
  type GenerationsJson,
  toEntry,
  toGenerations,
  toReadable,
} from "./cache-entry-rows.ts";
import { keyOf } from "./cache-keys.ts";
import { isBlocked } from "./cache-upkeep-store.ts";
import { ofForm, recall } from "./recall-entry.ts";
import { changed, firstRow, json, rowsOf, type SqlDatabase, texts, uuids } from "./sql-database.ts";

/** What makes two answers the same claim: their words, not where they stood in a list. */
const answerKeyOf = (answer: AnswerSnapshot): string =>
  keyOf(JSON.stringify([answer.quotes, answer.sentences].map((part) => part.map((p) => p.text))));

const vectorText = (vector: readonly number[] | null): string | null =>
  vector === null ? null : `[${vector.join(",")}]`;

async function near(
  database: SqlDatabase,
  scope: string,
  { form, vector, exactText: text }: Parameters<AnswerCacheStore["near"]>[1],
  limit: number,
) {
  const asked = sql`${vectorText(vector)}::vector`;
  const formKey = form === null ? null : keyOf(form);
  // A scope has one embedder, so its vectors compare; those without one cannot be compared at all.
  const rows = await rowsOf<EntryRow & { cosine: number }>(
    database,
    sql`select ${entryColumns}, -(e.embedding <#> ${asked}) as cosine from cache_entries e
      where e.scope_key = ${keyOf(scope)} and e.embedding is not null
        and not ${isBlocked(sql`e.workspace_id`, sql`e.exact_key`, keyOf(text))}
      order by (e.form_key is not distinct from ${formKey}::text and e.form_key is not null) desc, e.embedding <#> ${asked}, e.id
      limit ${limit}`,
  );
  return rows.map((row) => ({ entry: toEntry(row), cosine: row.cosine }));
}

async function snapshot(
  database: SqlDatabase,
  actor: Actor,
  collectionIds: readonly string[],
  entry: CachedAnswer,
): Promise<ServeSnapshot | null> {
  const row = await firstRow<{
    generations: GenerationsJson;
    readable: Readonly<Record<string, string>> | null;
  }>(
    database,
    sql`select ${generationsNow(actor, collectionIds)} as generations,
        (select jsonb_object_agg(k.id, k.content_hash)
          from chunks k join documents d on d.published_version_id = k.version_id
            join collections c on c.id = d.collection_id
          where k.id = any(${uuids(entry.cited.map(({ chunkId }) => chunkId))})
            and d.deleted_at is null and ${isAsked(actor, collectionIds)}) as readable
      from cache_entries e where e.id = ${entry.entryId} and e.answer_key = ${entry.answerKey}
        and not exists (select 1 from cache_tombstones t where t.workspace_id = e.workspace_id
          and t.exact_key = e.exact_key and t.answer_key = e.answer_key)`,
  );
  if (row === undefined) return null;
  return { readable: toReadable(row.readable), generations: toGenerations(row.generations) };
}

async function put(
  database: SqlDatabase,
  actor: Actor,
  collectionIds: readonly string[],
  given: NewAnswer,
): Promise<"kept" | "moved" | "called-wrong" | "private"> {
  const exactKey = keyOf(given.exactText);
  const answerKey = answerKeyOf(given.answer);
  const answer = JSON.stringify(given.answer);
  const wrong = sql`exists (select 1 from cache_tombstones t where t.workspace_id = ${actor.workspaceId}
    and t.exact_key = ${exactKey} and t.answer_key = ${answerKey})`;
  // Files attached to a conversation are one person's: what was asked of them is nobody else's to see, not even in the cache's page.
  const isPrivate = sql`exists (select 1 from collections c where c.conversation_id is not null
    and ${isAsked(actor, collectionIds)})`;
  const row = await firstRow<{ kept: number; wrong: boolean; private: boolean }>(
    database,
    sql`with fits as (select 1 where not ${wrong} and not ${isPrivate}
        and ${generationsNow(actor, collectionIds)} = ${json(Object.fromEntries(given.generations))}),
      kept as (insert into cache_entries (workspace_id, scope_key, exact_key, form_key, question, embedding, answer,
          answer_key, cited, ranked_chunk_ids, generations, source, answer_id, bytes, cost_ms, cost_tokens)
        select ${actor.workspaceId}::uuid, ${keyOf(given.scope)}, ${exactKey}, ${given.form === null ? null : keyOf(given.form)},
          ${given.question}, ${vectorText(given.vector)}::vector, ${answer}::jsonb, ${answerKey}, ${json(given.cited)},
          ${texts(given.rankedChunkIds)}, ${json(Object.fromEntries(given.generations))}, ${given.source},
          ${given.answerId}::uuid, ${Buffer.byteLength(answer)}::integer, ${Math.round(given.costMs)}::integer,
          ${given.costTokens}::integer
        from fits
        on conflict (scope_key, exact_key) do update set embedding = excluded.embedding,
          answer = excluded.answer, answer_key = excluded.answer_key, cited = excluded.cited,
          ranked_chunk_ids = excluded.ranked_chunk_ids, generations = excluded.generations, source = excluded.source,
          answer_id = excluded.answer_id, bytes = excluded.bytes, cost_ms = excluded.cost_ms,
          cost_tokens = excluded.cost_tokens, created_at = now()
        returning 1)
    select (select count(*)::integer from kept) as kept, ${wrong} as wrong, ${isPrivate} as private`,
  );
  if (row?.kept === 1) return "kept";
  if (row?.private === true) return "private";
  return row?.wrong === true ? "called-wrong" : "moved";
}

/**
 * What the answer says of its question is wrong, whoever's entry says it too: another's equal answer may have been kept in its place.
 * One statement, so that nobody is served the entry between its tombstone and its end.
 */
async function reject(database: SqlDatabase, actor: Actor, answerId: string): Promise<number> {
  const own = await firstRow<{ question: string; snapshot: AnswerSnapshot | null }>(
    database,
    sql`select a.question, a.snapshot from answers a join conversations c on c.id = a.conversation_id
      where a.id = ${answerId} and c.user_id = ${actor.userId} and c.workspace_id = ${actor.workspaceId}`,
  );
  if (own === undefined) return 0;
  const said = own.snapshot === null ? null : answerKeyOf(keptAnswer(own.snapshot));
  const row = await firstRow<{ removed: number }>(
    database,
    sql`with blamed as (select e.exact_key, e.answer_key from cache_entries e
        where e.workspace_id = ${actor.workspaceId} and (e.answer_id = ${answerId}
          or e.id in (select s.entry_id from cache_servings s where s.answer_id = ${answerId}))
        union select ${keyOf(exactText(own.question))}, ${said}::text where ${said}::text is not null),
      buried as (insert into cache_tombstones (workspace_id, exact_key, answer_key)
        select ${actor.workspaceId}::uuid, exact_key, answer_key from blamed on conflict do nothing),
      removed as (delete from cache_entries e using blamed b where e.workspace_id = ${actor.workspaceId}
        and e.exact_key = b.exact_key and e.answer_key = b.answer_key returning 1)
    select count(*)::integer as removed from removed`,
  );
  return row?.removed ?? 0;
}

async function sweep(database: SqlDatabase, mostBytes: number): Promise<number> {
  await changed(
    database,
    sql`delete from cache_servings where served_at < now() - interval '90 days'`,
  );
  for (const table of ["cache_counts", "cache_tier_counts"])
    await changed(
      database,
      sql`delete from ${sql.identifier(table)} where hour < now() - interval '90 days'`,
    );
  return changed(
    database,
    sql`delete from cache_entries e using (select id, sum(bytes::bigint) over
          (order by coalesce(last_hit_at, created_at) desc, id) as total from cache_entries) s
      where s.id = e.id and s.total > ${mostBytes}`,
  );
}

export function createAnswerCacheStore(deps: { readonly database: SqlDatabase }): AnswerCacheStore {
  const { database } = deps;
  return {
    async generations(actor, collectionIds) {
      const row = await firstRow<{ generations: GenerationsJson }>(
        database,
        sql`select ${generationsNow(actor, collectionIds)} as generations`,
      );
      return toGenerations(row?.generations ?? {});
    },
    async find(scope, exactText) {
      const row = await firstRow<EntryRow & { by: "exact" | "alias" }>(
        database,
        sql`select ${entryColumns}, 'exact' as by from cache_entries e
            where e.scope_key = ${keyOf(scope)} and e.exact_key = ${keyOf(exactText)}
          union all select ${entryColumns}, 'alias' as by from cache_aliases a
            join cache_entries e on e.id = a.entry_id and e.answer_key = a.answer_key
            where a.scope_key = ${keyOf(scope)} and a.exact_key = ${keyOf(exactText)}
          limit 1`,
      );
      return row === undefined ? null : { by: row.by, entry: toEntry(row) };
    },
    async load(entryId) {
      const row = await firstRow<EntryRow>(
        database,
        sql`select ${entryColumns} from cache_entries e where e.id = ${entryId}`,
      );
      return row === undefined ? null : toEntry(row);
    },
    recall: (actor, collectionIds, at) => recall(database, actor, collectionIds, at),
    ofForm: (...asked) => ofForm(database, ...asked),
    near: (scope, question, limit) => near(database, scope, question, limit),
    snapshot: (actor, collectionIds, entry) => snapshot(database, actor, collectionIds, entry),
    put: (actor, collectionIds, answer) => put(database, actor, collectionIds, answer),
    async renew(entryId, generations) {
      await changed(
        database,
        sql`update cache_entries set generations = generations || ${json(Object.fromEntries(generations))} where id = ${entryId}`,
      );
    },
    async served(answerId, entryId) {
      await changed(
        database,
        sql`with hit as (update cache_entries set hits = hits + 1, last_hit_at = now() where id = ${entryId} returning id)
          insert into cache_servings (answer_id, entry_id) select ${answerId}::uuid, id from hit
          on conflict (answer_id) do nothing`,
      );
    },
    sweep: (mostBytes) => sweep(database, mostBytes),
    reject: (actor, answerId) => reject(database, actor, answerId),
  };
}
