import { sql, type SQL } from "drizzle-orm";
import type { Actor } from "../../core/access/actor.ts";
import type {
  CacheUpkeepStore,
  NewAlias,
  NewShadow,
  NotedWording,
  OpenShadow,
} from "../../ports/cache-upkeep-store.ts";
import { exactText } from "../../core/cache/answer-key.ts";
import { keyOf } from "./cache-keys.ts";
import { changed, firstRow, json, rowsOf, type SqlDatabase, uuids } from "./sql-database.ts";

interface PersonRow {
  readonly [column: string]: unknown;
  readonly user_id: string;
  readonly workspace_id: string;
  readonly role: Actor["role"];
}

export const toActor = (row: PersonRow): Actor => ({
  userId: row.user_id,
  workspaceId: row.workspace_id,
  role: row.role,
});

/** Rows of a table with `user_id` and `workspace_id`, joined with people who may still ask. */
const withPeople = (table: SQL): SQL => sql`${table} t
  join users u on u.id = t.user_id and u.workspace_id = t.workspace_id and u.suspended_at is null`;

async function note(database: SqlDatabase, wordings: readonly NotedWording[]): Promise<void> {
  for (const one of wordings) {
    const at = one.lastAskedAt.toISOString();
    // The person may be gone by now: a wording without one could not be asked again.
    await changed(
      database,
      sql`insert into cache_wordings (workspace_id, scope_key, exact_key, question, user_id, collection_ids, asked,
          last_asked_at, missed_at)
        select ${one.actor.workspaceId}::uuid, ${keyOf(one.scope)}, ${keyOf(one.exactText)}, ${one.question}, u.id,
          ${uuids(one.collectionIds)}, ${one.asked}::integer, ${at}::timestamptz,
          case when ${one.missed}::boolean then ${at}::timestamptz end
        from users u where u.id = ${one.actor.userId}
        on conflict (scope_key, exact_key) do update set asked = cache_wordings.asked + excluded.asked,
          last_asked_at = excluded.last_asked_at, user_id = excluded.user_id,
          missed_at = coalesce(excluded.missed_at, cache_wordings.missed_at)`,
    );
  }
}

/** One statement: an alias never points to an answer that was replaced, and its own entry goes with it. */
async function alias(database: SqlDatabase, given: NewAlias): Promise<boolean> {
  const scopeKey = keyOf(given.scope);
  const exactKey = keyOf(given.exactText);
  const row = await firstRow<{ written: number }>(
    database,
    sql`with entry as (select e.* from cache_entries e where e.id = ${given.entryId}
          and e.answer_key = ${given.answerKey} and not ${isBlocked(sql`e.workspace_id`, sql`e.exact_key`, exactKey)}),
      written as (insert into cache_aliases (scope_key, exact_key, entry_id, question, answer_key, proof)
        select ${scopeKey}, ${exactKey}, id, ${given.question}, answer_key, ${json(given.proof)} from entry
        on conflict (scope_key, exact_key) do update set entry_id = excluded.entry_id, question = excluded.question,
          answer_key = excluded.answer_key, proof = excluded.proof, created_at = now() returning 1),
      merged as (delete from cache_entries own where own.scope_key = ${scopeKey} and own.exact_key = ${exactKey}
        and exists (select 1 from written) and own.id <> ${given.entryId})
    select count(*)::integer as written from written`,
  );
  return row?.written === 1;
}

/** Condition: this pair of wordings was seen to have two answers. */
export const isBlocked = (workspaceId: SQL, oneKey: SQL, otherKey: string): SQL =>
  sql`exists (select 1 from cache_blocked_pairs b where b.workspace_id = ${workspaceId}
    and b.one_key = least(${oneKey}, ${otherKey}) and b.other_key = greatest(${oneKey}, ${otherKey}))`;

/** One statement: nobody is served the entry between its tombstone and its end. */
async function disagreed(database: SqlDatabase, shadow: OpenShadow): Promise<void> {
  const askedKey = keyOf(exactText(shadow.question));
  await changed(
    database,
    sql`with entry as (select * from cache_entries where id = ${shadow.entryId}
          and workspace_id = ${shadow.actor.workspaceId}),
      blocked as (insert into cache_blocked_pairs (workspace_id, one_key, other_key)
        select workspace_id, least(exact_key, ${askedKey}), greatest(exact_key, ${askedKey}) from entry
        where exact_key <> ${askedKey} on conflict do nothing),
      buried as (insert into cache_tombstones (workspace_id, exact_key, answer_key)
        select workspace_id, exact_key, answer_key from entry where answer_key = ${shadow.answerKey}
        on conflict do nothing),
      removed as (delete from cache_entries e using entry where e.id = entry.id
        and e.answer_key = ${shadow.answerKey})
    update cache_shadows set agrees = false, checked_at = now() where id = ${shadow.id}`,
  );
}

const addShadows = async (database: SqlDatabase, shadows: readonly NewShadow[]): Promise<void> => {
  for (const one of shadows)
    await changed(
      database,
      sql`insert into cache_shadows (workspace_id, entry_id, answer_key, result, question, user_id, collection_ids)
        select ${one.actor.workspaceId}::uuid, ${one.entryId}::uuid, ${one.answerKey}, ${one.result}, ${one.question}, u.id,
          ${uuids(one.collectionIds)} from users u where u.id = ${one.actor.userId}`,
    );
};

const shadowsOf = (
  database: SqlDatabase,
): Pick<CacheUpkeepStore, "addShadows" | "openShadows" | "shadowed" | "disagreed" | "tallies"> => ({
  addShadows: (shadows) => addShadows(database, shadows),
  async openShadows(limit) {
    const rows = await rowsOf<
      PersonRow & {
        id: string;
        entry_id: string;
        answer_key: string;
        result: NewShadow["result"];
        question: string;
        collection_ids: string[];
      }
    >(
      database,
      sql`select t.*, u.role from ${withPeople(sql`cache_shadows`)}
          where t.checked_at is null order by t.created_at limit ${limit}`,
    );
    return rows.map((row) => ({
      id: row.id,
      entryId: row.entry_id,
      answerKey: row.answer_key,
      result: row.result,
      question: row.question,
      actor: toActor(row),
      collectionIds: row.collection_ids,
    }));
  },
  async shadowed(id, agrees) {
    await changed(
      database,
      sql`update cache_shadows set checked_at = now(), agrees = ${agrees} where id = ${id}`,
    );
  },
  disagreed: (shadow) => disagreed(database, shadow),
  async tallies() {
    const rows = await rowsOf<{ workspace_id: string; served: number; wrong: number }>(
      database,
      sql`select workspace_id, count(*)::integer as served, count(*) filter (where not agrees)::integer as wrong
          from cache_shadows where agrees is not null group by workspace_id`,
    );
    return new Map(rows.map((row) => [row.workspace_id, row]));
  },
});

export function createCacheUpkeepStore(deps: { readonly database: SqlDatabase }): CacheUpkeepStore {
  const { database } = deps;
  return {
    note: (wordings) => note(database, wordings),
    async openWordings(limit) {
      const rows = await rowsOf<
        PersonRow & {
          scope_key: string;
          exact_key: string;
          question: string;
          collection_ids: string[];
        }
      >(
        database,
        sql`select t.*, u.role from ${withPeople(sql`cache_wordings`)}
          where t.missed_at is not null and (t.verified_at is null or t.verified_at < t.missed_at)
          order by t.missed_at, t.exact_key limit ${limit}`,
      );
      return rows.map((row) => ({
        key: { scopeKey: row.scope_key, exactKey: row.exact_key },
        actor: toActor(row),
        question: row.question,
        collectionIds: row.collection_ids,
      }));
    },
    async verified({ scopeKey, exactKey }, verdict) {
      await changed(
        database,
        sql`update cache_wordings set verified_at = greatest(now(), missed_at), verdict = ${verdict}
          where scope_key = ${scopeKey} and exact_key = ${exactKey}`,
      );
    },
    alias: (given) => alias(database, given),
    ...shadowsOf(database),
    async forgetOld() {
      const old = sql`now() - interval '90 days'`;
      await changed(database, sql`delete from cache_wordings where last_asked_at < ${old}`);
      await changed(database, sql`delete from cache_shadows where created_at < ${old}`);
    },
  };
}
