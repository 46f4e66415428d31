import { sql } from "drizzle-orm";
import type { IngestFence, Publication } from "../../ports/ingest-store.ts";
import { changed, firstRow, type SqlDatabase, type SqlRunner } from "./sql-database.ts";

/** Adds (1) or takes away (-1) what a version contributes to the word statistics of its collection. */
async function countVersion(
  transaction: SqlRunner,
  collectionId: string,
  versionId: string,
  sign: 1 | -1,
): Promise<void> {
  // In the order of the key, so that two transactions never wait for each other in a circle.
  await changed(
    transaction,
    sql`insert into collection_terms (collection_id, lexeme, chunk_count)
      select ${collectionId}::uuid, lexeme, ${sign}::integer * chunk_count from version_terms
      where version_id = ${versionId} order by lexeme
      on conflict (collection_id, lexeme)
        do update set chunk_count = collection_terms.chunk_count + excluded.chunk_count`,
  );
  await changed(
    transaction,
    sql`insert into collection_statistics (collection_id, chunk_count, lexeme_total)
      select ${collectionId}::uuid, ${sign}::integer * count(*), ${sign}::integer * coalesce(sum(lexeme_count), 0)
      from chunks where version_id = ${versionId}
      on conflict (collection_id) do update set
        chunk_count = collection_statistics.chunk_count + excluded.chunk_count,
        lexeme_total = collection_statistics.lexeme_total + excluded.lexeme_total`,
  );
  if (sign === -1) {
    await changed(
      transaction,
      sql`delete from collection_terms t using version_terms v where t.collection_id = ${collectionId}
        and v.version_id = ${versionId} and t.lexeme = v.lexeme and t.chunk_count <= 0`,
    );
  }
}

/** Takes the published version of a document out of the counts and out of sight, within the caller's transaction. */
export async function withdrawVersion(
  transaction: SqlRunner,
  document: { readonly id: string; readonly collectionId: string },
): Promise<void> {
  // Job, collection, document: publishing locks in the same order.
  await changed(
    transaction,
    sql`update collections set corpus_generation = corpus_generation + 1
      where id = ${document.collectionId}`,
  );
  const row = await firstRow<{ published_version_id: string | null }>(
    transaction,
    sql`select published_version_id from documents where id = ${document.id} for update`,
  );
  if (row?.published_version_id == null) return;
  await countVersion(transaction, document.collectionId, row.published_version_id, -1);
  await changed(
    transaction,
    sql`update documents set published_version_id = null where id = ${document.id}`,
  );
}

/** Counts the words of a version while nobody sees it yet; repeating it changes nothing. */
async function countTerms(database: SqlDatabase, versionId: string): Promise<void> {
  await changed(
    database,
    sql`insert into version_terms (version_id, lexeme, chunk_count)
      select ${versionId}::uuid, word, ndoc from ts_stat(
        format('select search_vector from chunks where version_id = %L', ${versionId}::text))
      on conflict (version_id, lexeme) do update set chunk_count = excluded.chunk_count`,
  );
}

async function isComplete(database: SqlDatabase, publication: Publication): Promise<boolean> {
  const row = await firstRow<{ chunks: string; embedded: string; spaces: string }>(
    database,
    sql`select count(*) as chunks, count(e.chunk_id) as embedded, count(distinct e.space_id) as spaces
      from chunks c left join chunk_embeddings e on e.chunk_id = c.id
      where c.version_id = ${publication.versionId}`,
  );
  return (
    row !== undefined &&
    Number(row.chunks) === publication.chunkCount &&
    Number(row.embedded) === publication.chunkCount &&
    Number(row.spaces) === 1
  );
}

interface LockedDocument {
  readonly [column: string]: unknown;
  readonly collection_id: string;
  readonly published_version_id: string | null;
}

async function flip(
  transaction: SqlRunner,
  publication: Publication,
  fence: IngestFence,
): Promise<"published" | "lost"> {
  const { documentId, versionId } = publication;
  const job = await firstRow(
    transaction,
    sql`select 1 as held from jobs where id = ${fence.jobId} and attempt = ${fence.attempt}
      and status = 'running' for update`,
  );
  if (job === undefined) return "lost";
  const collection = await firstRow<{ id: string }>(
    transaction,
    sql`update collections set corpus_generation = corpus_generation + 1
      where deleted_at is null and id = (select collection_id from documents where id = ${documentId})
      returning id`,
  );
  const document = await firstRow<LockedDocument>(
    transaction,
    sql`select collection_id, published_version_id from documents
      where id = ${documentId} and deleted_at is null and status = 'processing'
        and exists (select 1 from document_versions where id = ${versionId})
      for update`,
  );
  if (collection === undefined || document === undefined) return "lost";
  if (document.published_version_id !== null) {
    await countVersion(transaction, document.collection_id, document.published_version_id, -1);
  }
  await countVersion(transaction, document.collection_id, versionId, 1);
  await changed(
    transaction,
    sql`update document_versions set published_at = now() where id = ${versionId}`,
  );
  await changed(
    transaction,
    sql`update documents set published_version_id = ${versionId}, status = 'ready', stage = 'publishing',
        file_key = coalesce(replacement ->> 'fileKey', file_key),
        file_name = coalesce(replacement ->> 'fileName', file_name),
        media_type = coalesce(replacement ->> 'mediaType', media_type),
        bytes = coalesce((replacement ->> 'bytes')::bigint, bytes),
        content_hash = case when exists (select 1 from documents other
            where other.collection_id = documents.collection_id and other.id <> documents.id
              and other.deleted_at is null and other.content_hash = documents.replacement ->> 'contentHash')
          then content_hash else coalesce(replacement ->> 'contentHash', content_hash) end,
        replacement = null,
        title = coalesce(${publication.title}, title),
        language = (select language from document_versions where id = ${versionId}), page_count = ${publication.pageCount},
        chunk_count = ${publication.chunkCount}, progress_done = ${publication.chunkCount},
        progress_total = ${publication.chunkCount}, failure_code = null, failure_reason = null,
        warnings = ${JSON.stringify(publication.warnings)}::jsonb, updated_at = now()
      where id = ${documentId}`,
  );
  return "published";
}

/** Makes a complete version the visible one: counts beforehand, then one short transaction. */
export async function publishVersion(
  database: SqlDatabase,
  publication: Publication,
  fence: IngestFence,
): Promise<"published" | "incomplete" | "lost"> {
  if (!(await isComplete(database, publication))) {
    await changed(
      database,
      sql`delete from document_versions where id = ${publication.versionId} and published_at is null
        and exists (select 1 from jobs where id = ${fence.jobId} and attempt = ${fence.attempt}
          and status = 'running' for share)`,
    );
    return "incomplete";
  }
  await countTerms(database, publication.versionId);
  return database.transaction((transaction) => flip(transaction, publication, fence));
}
