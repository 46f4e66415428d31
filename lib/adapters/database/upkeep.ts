import { sql, type SQL } from "drizzle-orm";
import type { EmbeddingSpace } from "../../ports/chunk-search.ts";
import { ingestKey } from "./document-jobs.ts";
import { cancelJob } from "./postgres-job-queue.ts";
import { withdrawVersion } from "./publication.ts";
import { changed, rowsOf, type SqlDatabase, type SqlRunner } from "./sql-database.ts";

/** Removes documents at the end of their collection's time, each in a transaction as a person's deletion is. */
export async function expireDocuments(database: SqlDatabase, limit: number): Promise<number> {
  const over = await rowsOf<{ id: string; collection_id: string }>(
    database,
    sql`select d.id, d.collection_id from documents d join collections c on c.id = d.collection_id
      where d.deleted_at is null and c.deleted_at is null and c.retention_days is not null
        and d.created_at < now() - c.retention_days * interval '1 day' limit ${limit}`,
  );
  for (const { id, collection_id: collectionId } of over)
    await database.transaction(async (transaction) => {
      await cancelJob(transaction, ingestKey(id));
      await withdrawVersion(transaction, { id, collectionId });
      await changed(
        transaction,
        sql`update documents set deleted_at = now(), updated_at = now() where id = ${id}`,
      );
    });
  return over.length;
}

/** One open job for each of these documents. */
const jobsFor = (condition: ReturnType<typeof sql>, priority: number) => sql`
  insert into jobs (kind, dedupe_key, payload, priority)
  select 'ingest', 'ingest:' || d.id, jsonb_build_object('documentId', d.id), ${priority}::integer
  from documents d where ${condition}
  on conflict (dedupe_key) where status in ('waiting', 'running') do nothing`;

export const rescueDocuments = (database: SqlDatabase): Promise<number> =>
  changed(
    database,
    jobsFor(
      sql`d.deleted_at is null and d.status in ('queued', 'processing')
        and d.collection_id in (select id from collections where deleted_at is null)
        and not exists (select 1 from jobs where dedupe_key = 'ingest:' || d.id
          and jobs.status in ('waiting', 'running'))`,
      0,
    ),
  );

const reindexPriority = -5;

/** Marks and queues, within the caller's transaction; publishing flips each from its old version to its new one. */
async function readAgain(transaction: SqlRunner, isStale: SQL, limit: number): Promise<number> {
  const stale = await rowsOf<{ id: string }>(
    transaction,
    sql`update documents set status = 'queued', stage = 'waiting', updated_at = now()
      where id in (select d.id from documents d where d.deleted_at is null and d.status = 'ready'
        and d.published_version_id is not null and ${isStale} limit ${limit} for update of d)
      returning id`,
  );
  for (const { id } of stale)
    await changed(transaction, jobsFor(sql`d.id = ${id}`, reindexPriority));
  return stale.length;
}

/** Those of another embedder, and those that were being read while their collection got another language. */
export function queueStale(
  database: SqlDatabase,
  space: EmbeddingSpace,
  limit: number,
): Promise<number> {
  const isStale = sql`(exists (select 1 from collections c where c.id = d.collection_id
      and c.language <> 'auto' and c.language <> d.language)
    or exists (select 1 from chunk_embeddings e join embedding_spaces s on s.id = e.space_id
      where e.version_id = d.published_version_id and (s.model, s.engine, s.digest, s.dimension)
        <> (${space.model}, ${space.engine}, ${space.digest}, ${space.dimension}::integer)))`;
  return database.transaction((transaction) => readAgain(transaction, isStale, limit));
}

const mostOfCollection = 100_000;

/**
 * Queues the documents of a collection whose words are stemmed in another language than `language`, or all of them when each is to be
 * read in its own (`auto`). They are found as before until each has been read.
 */
export const queueOtherLanguage = (
  transaction: SqlRunner,
  collectionId: string,
  language: string,
): Promise<number> =>
  readAgain(
    transaction,
    sql`d.collection_id = ${collectionId}
      and (${language}::text = 'auto' or d.language <> ${language}::text)`,
    mostOfCollection,
  );
