import { sql, type SQL } from "drizzle-orm";
import type { Actor } from "../../core/access/actor.ts";
import type { AnswerSnapshot } from "../../core/chat/events.ts";
import type { Generations } from "../../core/rag/corpus-state.ts";
import type {
  AnswerCacheStore,
  CachedAnswer,
  FormAnswer,
  RecalledAnswer,
  RecallPlace,
  Recollection,
} from "../../ports/answer-cache-store.ts";
import { isAsked } from "./access.ts";
import {
  entryColumns,
  type EntryRow,
  type GenerationsJson,
  toEntry,
  toGenerations,
  toReadable,
} from "./cache-entry-rows.ts";
import { keyOf } from "./cache-keys.ts";
import { isBlocked } from "./cache-upkeep-store.ts";
import { rowsOf, type SqlDatabase } from "./sql-database.ts";

/** Without an entry its columns are all null; `answer` is too when the caller holds it. */
interface RecallRow {
  readonly [column: string]: unknown;
  readonly id: string | null;
  readonly answer: AnswerSnapshot | null;
  readonly by: "exact" | "alias" | "vetted";
  readonly seen: GenerationsJson;
  readonly attached: boolean;
  readonly has_form: boolean;
  readonly readable: Readonly<Record<string, string>> | null;
}

const isCalledWrong = sql`exists (select 1 from cache_tombstones t where t.workspace_id = e.workspace_id
    and t.exact_key = e.exact_key and t.answer_key = e.answer_key)`;

/** The entries at a place that nobody called wrong; `answer` is null when the caller holds it already. */
const entriesAt = ({ scope, vettedScope, exactText: text, held }: RecallPlace): SQL => sql`
  select e.id, e.question, e.answer_key, e.cited, e.ranked_chunk_ids, e.generations, e.source, e.created_at,
    e.cost_ms, e.cost_tokens, placed.by,
    case when e.id = ${held?.entryId ?? null}::uuid and e.answer_key = ${held?.answerKey ?? null}::text
      then null else e.answer end as answer
  from (select id, answer_key, case scope_key when ${keyOf(scope)} then 'exact' else 'vetted' end as by
      from cache_entries where scope_key in (${keyOf(scope)}, ${keyOf(vettedScope)}) and exact_key = ${keyOf(text)}
    union all select entry_id as id, answer_key, 'alias' as by from cache_aliases
      where scope_key = ${keyOf(scope)} and exact_key = ${keyOf(text)}
    ) placed join cache_entries e on e.id = placed.id and e.answer_key = placed.answer_key
  where not ${isCalledWrong}`;

const hasForm = ({ scope, vettedScope, form }: RecallPlace): SQL =>
  form === null
    ? sql`false`
    : sql`exists (select 1 from cache_entries
        where scope_key in (${keyOf(scope)}, ${keyOf(vettedScope)}) and form_key = ${keyOf(form)})`;

const scopeNow = (actor: Actor, collectionIds: readonly string[]): SQL => sql`
  select c.id, c.corpus_generation, c.conversation_id from collections c where ${isAsked(actor, collectionIds)}`;

const generationsSeen = sql`(select coalesce(jsonb_object_agg(id, corpus_generation), '{}'::jsonb) from scope)`;

/** What is kept at a place, with all that a proof needs of it, in one statement and so as of one moment. */
export async function recall(
  database: SqlDatabase,
  actor: Actor,
  collectionIds: readonly string[],
  at: RecallPlace | null,
): Promise<Recollection> {
  const rows = await rowsOf<RecallRow>(
    database,
    sql`with scope as materialized (${scopeNow(actor, collectionIds)}),
      found as (${at === null ? sql`select null::uuid as id` : entriesAt(at)})
    select ${generationsSeen} as seen, ${at === null ? sql`false` : hasForm(at)} as has_form,
      exists (select 1 from scope where conversation_id is not null) as attached, found.*,
      ${at === null ? sql`null::jsonb` : readableNow} as readable
    from (select 1) one left join found on true`,
  );
  const [row] = rows;
  const generations = toGenerations(row?.seen ?? {});
  const found = rows.flatMap((each) => recalled(each, at?.held ?? null, generations) ?? []);
  return {
    generations,
    hasAttachment: row?.attached === true,
    hasForm: row?.has_form === true,
    own: found.find(({ by }) => by === "exact") ?? found.find(({ by }) => by === "alias") ?? null,
    vetted: found.find(({ by }) => by === "vetted") ?? null,
  };
}

function recalled(
  row: RecallRow,
  held: CachedAnswer | null,
  generations: Generations,
): RecalledAnswer | null {
  const answer = row.answer ?? held?.answer;
  if (row.id === null || answer === undefined) return null;
  const entry = toEntry({ ...(row as RecallRow & EntryRow), answer });
  return { by: row.by, entry, now: { generations, readable: toReadable(row.readable) } };
}

/** Hashes of the chunks that `found` cites, of those that are published in the scope. */
const readableNow = sql`(select jsonb_object_agg(k.id, k.content_hash)
  from jsonb_array_elements(found.cited) claim(chunk) join chunks k on k.id = (claim.chunk ->> 'chunkId')::uuid
    join documents d on d.published_version_id = k.version_id
  where d.deleted_at is null and d.collection_id in (select id from scope))`;

/** Entries of other wordings with one form, and all that proves them, as of one moment. */
export async function ofForm(
  database: SqlDatabase,
  ...[actor, collectionIds, at, limit]: Parameters<AnswerCacheStore["ofForm"]>
): Promise<readonly FormAnswer[]> {
  const [own, vetted] = [keyOf(at.scope), keyOf(at.vettedScope)];
  const vector = sql`${`[${at.vector.join(",")}]`}::vector`;
  const rows = await rowsOf<
    EntryRow & {
      readonly by: FormAnswer["by"];
      readonly cosine: number;
      readonly seen: GenerationsJson;
      readonly readable: Readonly<Record<string, string>> | null;
    }
  >(
    database,
    sql`with scope as materialized (${scopeNow(actor, collectionIds)}),
      found as (select ${entryColumns}, case e.scope_key when ${vetted} then 'vetted' else 'semantic' end as by,
          -(e.embedding <#> ${vector}) as cosine from cache_entries e
        where e.scope_key in (${own}, ${vetted}) and e.form_key = ${keyOf(at.form)} and e.embedding is not null
          and not ${isCalledWrong} and not ${isBlocked(sql`e.workspace_id`, sql`e.exact_key`, keyOf(at.exactText))}
        order by e.scope_key = ${vetted} desc, e.embedding <#> ${vector}, e.id limit ${limit})
    select found.*, ${generationsSeen} as seen, ${readableNow} as readable from found`,
  );
  return rows.map((row) => ({
    ...{ by: row.by, entry: toEntry(row), cosine: row.cosine },
    now: { generations: toGenerations(row.seen), readable: toReadable(row.readable) },
  }));
}
