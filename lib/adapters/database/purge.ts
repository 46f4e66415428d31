import { sql, type SQL } from "drizzle-orm";
import { changed, rowsOf, type SqlDatabase, texts } from "./sql-database.ts";

/** Versions that no reader can reach and no ingest is writing. */
const unreachable: SQL = sql`(d.deleted_at is not null
  or (v.id is distinct from d.published_version_id and d.status in ('ready', 'failed', 'cancelled')))`;

/** A version that was read in an answer stays, as text alone, for as long as that answer: its citations open what they cite. */
const uncited: SQL = sql`(d.deleted_at is not null or v.published_at is null
  or not exists (select 1 from answers a
    where (a.snapshot -> 'sources') @> jsonb_build_array(jsonb_build_object('versionId', v.id))))`;

/** Documents of deleted collections are deleted too, and their open jobs end. */
async function deleteOrphans(database: SqlDatabase): Promise<void> {
  const orphans = sql`deleted_at is null
    and collection_id in (select id from collections where deleted_at is not null)`;
  await changed(
    database,
    sql`update jobs set status = 'cancelled', ended_at = now(), lease_owner = null
      where status in ('waiting', 'running')
        and dedupe_key in (select 'ingest:' || id from documents where ${orphans})`,
  );
  await changed(
    database,
    sql`update documents set deleted_at = now(), published_version_id = null, updated_at = now()
      where ${orphans}`,
  );
}

/** Deletes at most `limit` chunks a call, so that one large document never holds up everybody else. */
export async function purgeRows(
  database: SqlDatabase,
  limit: number,
): Promise<{
  readonly gone: readonly { readonly documentId: string; readonly fileKey: string }[];
  readonly more: boolean;
}> {
  await deleteOrphans(database);
  const removed = await changed(
    database,
    sql`delete from chunks where id in (
      select c.id from chunks c join document_versions v on v.id = c.version_id
        join documents d on d.id = v.document_id
      where ${unreachable} limit ${limit})`,
  );
  if (removed > 0) return { gone: [], more: true };
  await changed(
    database,
    sql`delete from document_versions where id in (
      select v.id from document_versions v join documents d on d.id = v.document_id
      where ${unreachable} and ${uncited})`,
  );
  await changed(
    database,
    sql`delete from version_terms where version_id in (
      select v.id from document_versions v join documents d on d.id = v.document_id where ${unreachable})`,
  );
  await changed(
    database,
    sql`delete from collection_terms t using collections c
      where c.id = t.collection_id and c.deleted_at is not null`,
  );
  await changed(
    database,
    sql`delete from jobs where status in ('complete', 'cancelled') and ended_at < now() - interval '7 days'`,
  );
  const gone = await rowsOf<{ id: string; file_key: string }>(
    database,
    sql`select id, key as file_key from documents,
        lateral (values (file_key), (replacement ->> 'fileKey')) files(key)
      where deleted_at is not null and key is not null limit ${limit}`,
  );
  return {
    gone: gone.map((row) => ({ documentId: row.id, fileKey: row.file_key })),
    more: gone.length === limit,
  };
}

export async function strayFiles(
  database: SqlDatabase,
  fileKeys: readonly string[],
): Promise<readonly string[]> {
  const rows = await rowsOf<{ key: string }>(
    database,
    sql`select key from unnest(${texts(fileKeys)}) key
      where not exists (select 1 from documents
        where file_key = key or replacement ->> 'fileKey' = key)`,
  );
  return rows.map((row) => row.key);
}

/** The embedded database has no autovacuum: without this the planner goes on thinking that the tables are empty. */
export async function refreshPlanner(database: SqlDatabase): Promise<void> {
  const [row] = await rowsOf<{ estimated: number; counted: number }>(
    database,
    sql`select reltuples as estimated,
        (select coalesce(sum(chunk_count), 0)::integer from collection_statistics) as counted
      from pg_class where relname = 'chunks' and relkind = 'r'`,
  );
  if (row === undefined || row.counted < 500) return;
  if (Math.abs(row.counted - row.estimated) < row.counted * 0.3) return;
  await analyzeCorpus(database);
}

/** Has the planner count anew what searches read. */
export async function analyzeCorpus(database: SqlDatabase): Promise<void> {
  for (const table of [
    ...["documents", "document_versions", "chunks", "chunk_embeddings", "chunk_signs"],
    "collection_terms",
  ])
    await changed(database, sql`analyze ${sql.identifier(table)}`);
}

export const forgetDocument = async (database: SqlDatabase, documentId: string): Promise<void> => {
  await changed(
    database,
    sql`delete from documents where id = ${documentId} and deleted_at is not null`,
  );
};
