import { sql, type SQL } from "drizzle-orm";
import type { Actor } from "../../core/access/actor.ts";
import { AppError } from "../../core/errors/app-error.ts";
import type {
  NewSource,
  SourceDocument,
  SourceKind,
  SourceStore,
  SyncedSource,
} from "../../ports/source-store.ts";
import { manageableCollections } from "./access.ts";
import { changed, firstRow, rowsOf, type SqlDatabase, texts } from "./sql-database.ts";

type Row = Record<string, unknown> & {
  readonly id: string;
  readonly collection_id: string;
  readonly kind: SourceKind;
  readonly location: string;
  readonly every_hours: number;
  readonly on_vanished: NewSource["onVanished"];
  readonly last_run_at: Date | string | null;
  readonly last_result: string | null;
  readonly last_failed: boolean;
  readonly is_waiting: boolean;
  readonly document_count: number;
};

const columns = sql`s.id, s.collection_id, s.kind, s.location, s.every_hours, s.on_vanished, s.last_run_at,
  s.last_result, s.last_failed, s.wanted_at is not null or s.last_run_at is null as is_waiting,
  (select count(*)::int from documents d where d.source_id = s.id and d.deleted_at is null) as document_count`;

const sourceOf = (row: Row): SyncedSource => ({
  id: row.id,
  collectionId: row.collection_id,
  kind: row.kind,
  location: row.location,
  everyHours: row.every_hours,
  onVanished: row.on_vanished,
  documentCount: row.document_count,
  lastRunAt: row.last_run_at === null ? null : new Date(row.last_run_at),
  lastResult: row.last_result,
  lastFailed: row.last_failed,
  isWaiting: row.is_waiting,
});

const managed = (actor: Actor): SQL => sql`s.collection_id in ${manageableCollections(actor)}`;

async function requireCollection(
  database: SqlDatabase,
  actor: Actor,
  collectionId: string,
): Promise<void> {
  const row = await firstRow(
    database,
    sql`select 1 from collections where id = ${collectionId} and id in ${manageableCollections(actor)}`,
  );
  if (row === undefined) throw new AppError("not_found", {});
}

async function takeDue(database: SqlDatabase, kinds: readonly SourceKind[]) {
  const row = await firstRow<Row & { user_id: string; workspace_id: string }>(
    database,
    sql`with taken as (
        update collection_sources set last_run_at = now(), wanted_at = null
        where id = (select s.id from collection_sources s join collections c on c.id = s.collection_id
          where c.deleted_at is null and s.kind = any(${texts(kinds)})
            and (s.wanted_at is not null or s.last_run_at is null
              or s.last_run_at < now() - s.every_hours * interval '1 hour')
          order by s.wanted_at nulls last, s.last_run_at nulls first limit 1 for update of s skip locked)
        returning *)
      select ${columns}, u.id as user_id, u.workspace_id from taken s
        join collections c on c.id = s.collection_id,
        lateral (select id, workspace_id from users where workspace_id = c.workspace_id and role = 'admin'
          and suspended_at is null order by (id = s.created_by) desc limit 1) u`,
  );
  if (row === undefined) return null;
  const actor = { userId: row.user_id, workspaceId: row.workspace_id, role: "admin" } as const;
  return { source: sourceOf(row), actor };
}

async function add(
  database: SqlDatabase,
  actor: Actor,
  collectionId: string,
  source: NewSource,
): Promise<SyncedSource> {
  await requireCollection(database, actor, collectionId);
  const row = await firstRow<Row>(
    database,
    sql`with s as (
        insert into collection_sources (collection_id, kind, location, every_hours, on_vanished, created_by)
        values (${collectionId}, ${source.kind}, ${source.location}, ${source.everyHours}, ${source.onVanished}, ${actor.userId})
        on conflict (collection_id, location) do nothing returning *)
      select ${columns} from s`,
  );
  if (row === undefined) throw new AppError("name_taken", {});
  return sourceOf(row);
}

/** Its documents stay, as if they had been uploaded. */
const remove = (database: SqlDatabase, actor: Actor, sourceId: string): Promise<void> =>
  database.transaction(async (transaction) => {
    const removed = await changed(
      transaction,
      sql`delete from collection_sources s where s.id = ${sourceId} and ${managed(actor)}`,
    );
    if (removed === 0) throw new AppError("not_found", {});
    await changed(
      transaction,
      sql`update documents set source_id = null, source_path = null, vanished_at = null
        where source_id = ${sourceId}`,
    );
  });

export function createSourceStore({ database }: { readonly database: SqlDatabase }): SourceStore {
  return {
    list: async (actor, collectionId) => {
      await requireCollection(database, actor, collectionId);
      const rows = await rowsOf<Row>(
        database,
        sql`select ${columns} from collection_sources s where s.collection_id = ${collectionId}
          order by s.created_at`,
      );
      return rows.map(sourceOf);
    },
    add: (...asked) => add(database, ...asked),
    remove: (...asked) => remove(database, ...asked),
    request: async (actor, sourceId) => {
      const found = await changed(
        database,
        sql`update collection_sources s set wanted_at = now() where s.id = ${sourceId} and ${managed(actor)}`,
      );
      if (found === 0) throw new AppError("not_found", {});
    },
    takeDue: (kinds) => takeDue(database, kinds),
    documents: (sourceId) =>
      rowsOf<Record<string, unknown> & SourceDocument>(
        database,
        sql`select id, source_path as path, coalesce(replacement ->> 'contentHash', content_hash) as "contentHash",
            vanished_at is not null as "isVanished"
          from documents where source_id = ${sourceId} and deleted_at is null and source_path is not null`,
      ),
    setVanished: async (documentId, isVanished) => {
      const at = isVanished ? sql`now()` : sql`null`;
      await changed(
        database,
        sql`update documents set vanished_at = ${at} where id = ${documentId}`,
      );
    },
    finish: async (sourceId, { text, failed }) => {
      await changed(
        database,
        sql`update collection_sources set last_result = ${text.slice(0, 1000)}, last_failed = ${failed},
          last_run_at = now() where id = ${sourceId}`,
      );
    },
  };
}
