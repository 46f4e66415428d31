import { sql, type SQL } from "drizzle-orm";
import type { Actor } from "../../core/access/actor.ts";
import { AppError } from "../../core/errors/app-error.ts";
import type {
  DocumentStatus,
  DocumentStore,
  DocumentSummary,
  DocumentText,
  IngestStage,
  NewDocument,
} from "../../ports/document-store.ts";
import { listedCollections, readableCollections, writableCollections } from "./access.ts";
import { ingestJob, ingestKey } from "./document-jobs.ts";
import { documentUsage, replaceFile } from "./document-replacement.ts";
import { cancelJob, insertJob } from "./postgres-job-queue.ts";
import { withdrawVersion } from "./publication.ts";
import { changed, firstRow, rowsOf, type SqlDatabase, type SqlRunner } from "./sql-database.ts";

const notFound = () => new AppError("not_found", {});

interface SummaryRow {
  readonly [column: string]: unknown;
  readonly id: string;
  readonly collection_id: string;
  readonly collection_name: string;
  readonly title: string;
  readonly file_name: string;
  readonly media_type: string;
  readonly bytes: string;
  readonly status: DocumentStatus;
  readonly stage: IngestStage;
  readonly progress_done: number;
  readonly progress_total: number;
  readonly page_count: number | null;
  readonly chunk_count: number;
  readonly failure_code: string | null;
  readonly failure_reason: string | null;
  readonly warnings: readonly string[];
  readonly is_updating: boolean;
  readonly source_id: string | null;
  readonly created_by: string;
  readonly created_at: string;
  readonly updated_at: string;
}

function toSummary(row: SummaryRow): DocumentSummary {
  // A reason without a code is what a waiting document waits for.
  const { failure_code: code, failure_reason: reason } = row;
  return {
    id: row.id,
    collectionId: row.collection_id,
    collectionName: row.collection_name,
    title: row.title,
    fileName: row.file_name,
    mediaType: row.media_type,
    bytes: Number(row.bytes),
    status: row.status,
    stage: row.stage,
    progressDone: row.progress_done,
    progressTotal: row.progress_total,
    pageCount: row.page_count,
    chunkCount: row.chunk_count,
    failure: code === null ? null : { code, reason: reason ?? "" },
    warnings: code === null && reason !== null ? [...row.warnings, reason] : row.warnings,
    isUpdating: row.is_updating,
    sourceId: row.source_id,
    createdBy: row.created_by,
    createdAt: new Date(row.created_at),
    updatedAt: new Date(row.updated_at),
  };
}

/** Summaries of documents that are not deleted, in the collections of `scope`. */
const selectSummaries = (scope: SQL, condition: SQL): SQL => sql`
  select d.id, d.collection_id, c.name as collection_name, d.title, d.file_name, d.media_type, d.bytes,
    d.status, d.stage, d.progress_done, d.progress_total, d.page_count, d.chunk_count, d.failure_code,
    d.failure_reason, d.source_id,
    d.warnings || case when d.vanished_at is null then '[]'::jsonb
      else '["Its source does not have it any more."]'::jsonb end as warnings,
    d.published_version_id is not null and d.status in ('queued', 'processing') as is_updating,
    coalesce((select u.name from users u where u.id = d.created_by), '') as created_by, d.created_at, d.updated_at
  from documents d join collections c on c.id = d.collection_id
  where d.deleted_at is null and d.collection_id in ${scope} and ${condition}
  order by d.created_at desc, d.id`;

async function summary(runner: SqlRunner, scope: SQL, condition: SQL): Promise<DocumentSummary> {
  const row = await firstRow<SummaryRow>(runner, selectSummaries(scope, condition));
  if (row === undefined) throw notFound();
  return toSummary(row);
}

async function insertDocument(
  runner: SqlRunner,
  actor: Actor,
  document: NewDocument,
): Promise<string | undefined> {
  const row = await firstRow<{ id: string }>(
    runner,
    sql`insert into documents (collection_id, title, file_name, media_type, bytes, content_hash,
        file_key, created_by, source_id, source_path)
      select id, ${document.title}, ${document.fileName}, ${document.mediaType}, ${document.bytes},
        ${document.contentHash}, ${document.fileKey}, ${actor.userId},
        ${document.source?.sourceId ?? null}::uuid, ${document.source?.path ?? null}
      from collections where id = ${document.collectionId} and id in ${writableCollections(actor)}
      on conflict (collection_id, content_hash) where deleted_at is null do nothing
      returning id`,
  );
  return row?.id;
}

/** Failed and cancelled documents wait again; the job is written in the same transaction. */
async function waitAgain(runner: SqlRunner, actor: Actor, documentId: string): Promise<void> {
  const waiting = await changed(
    runner,
    sql`update documents set status = 'queued', stage = 'waiting', progress_done = 0, progress_total = 0,
        failure_code = null, failure_reason = null, updated_at = now()
      where id = ${documentId} and deleted_at is null and status in ('failed', 'cancelled')
        and collection_id in ${writableCollections(actor)}`,
  );
  if (waiting === 1) await insertJob(runner, ingestJob(documentId));
}

function create(database: SqlDatabase, actor: Actor, document: NewDocument) {
  return database.transaction(async (transaction) => {
    const id = await insertDocument(transaction, actor, document);
    if (id !== undefined) {
      await insertJob(transaction, ingestJob(id));
      const made = await summary(transaction, writableCollections(actor), sql`d.id = ${id}`);
      return { document: made, duplicate: false };
    }
    const same = sql`d.collection_id = ${document.collectionId} and d.content_hash = ${document.contentHash}`;
    const existing = await summary(transaction, writableCollections(actor), same);
    await waitAgain(transaction, actor, existing.id);
    const now = await summary(transaction, writableCollections(actor), same);
    return { document: now, duplicate: true };
  });
}

function remove(database: SqlDatabase, actor: Actor, documentId: string): Promise<void> {
  return database.transaction(async (transaction) => {
    const found = await summary(transaction, writableCollections(actor), sql`d.id = ${documentId}`);
    await cancelJob(transaction, ingestKey(documentId));
    await withdrawVersion(transaction, { id: documentId, collectionId: found.collectionId });
    await changed(
      transaction,
      sql`update documents set deleted_at = now(), updated_at = now() where id = ${documentId}`,
    );
  });
}

function requeue(database: SqlDatabase, actor: Actor, documentId: string) {
  return database.transaction(async (transaction) => {
    await waitAgain(transaction, actor, documentId);
    return summary(transaction, writableCollections(actor), sql`d.id = ${documentId}`);
  });
}

function cancel(database: SqlDatabase, actor: Actor, documentId: string): Promise<void> {
  return database.transaction(async (transaction) => {
    await summary(transaction, writableCollections(actor), sql`d.id = ${documentId}`);
    await cancelJob(transaction, ingestKey(documentId));
    await changed(
      transaction,
      // What readers have stays; only the new version is given up.
      sql`update documents set replacement = null, failure_code = null, failure_reason = null,
          status = case when published_version_id is null then 'cancelled' else 'ready' end,
          stage = case when published_version_id is null then 'waiting' else 'publishing' end,
          updated_at = now()
        where id = ${documentId} and status in ('queued', 'processing')`,
    );
  });
}

async function text(
  database: SqlDatabase,
  actor: Actor,
  documentId: string,
  versionId: string | undefined,
): Promise<DocumentText> {
  const row = await firstRow<{
    version_id: string;
    is_current: boolean;
    title: string;
    file_name: string;
    media_type: string;
    collection_id: string;
    collection_name: string;
    text: string;
    pages: DocumentText["pages"];
    headings: DocumentText["headings"];
  }>(
    database,
    sql`select v.id as version_id, v.id = d.published_version_id as is_current, d.title, d.file_name, d.media_type, d.collection_id,
        c.name as collection_name, v.text, v.pages, v.headings
      from documents d join collections c on c.id = d.collection_id
        join document_versions v on v.document_id = d.id
      where d.id = ${documentId} and d.deleted_at is null and v.published_at is not null
        and v.id = coalesce(${versionId ?? null}::uuid, d.published_version_id)
        and d.collection_id in ${readableCollections(actor)}`,
  );
  if (row === undefined) throw notFound();
  return {
    documentId,
    versionId: row.version_id,
    isCurrent: row.is_current,
    title: row.title,
    fileName: row.file_name,
    mediaType: row.media_type,
    collectionId: row.collection_id,
    collectionName: row.collection_name,
    text: row.text,
    pages: row.pages,
    headings: row.headings,
  };
}

async function original(database: SqlDatabase, actor: Actor, documentId: string) {
  const row = await firstRow<{ file_key: string; file_name: string; media_type: string }>(
    database,
    sql`select file_key, file_name, media_type from documents d
      where d.id = ${documentId} and d.deleted_at is null
        and d.collection_id in ${readableCollections(actor)}`,
  );
  if (row === undefined) throw notFound();
  return { fileKey: row.file_key, fileName: row.file_name, mediaType: row.media_type };
}

export function createDocumentStore(deps: { readonly database: SqlDatabase }): DocumentStore {
  const { database } = deps;
  return {
    list: async (actor, filter) => {
      const condition =
        filter.collectionId === undefined
          ? sql`d.collection_id in ${listedCollections(actor)}`
          : sql`d.collection_id = ${filter.collectionId}`;
      const rows = await rowsOf<SummaryRow>(
        database,
        selectSummaries(readableCollections(actor), condition),
      );
      return rows.map(toSummary);
    },
    get: (actor, documentId) =>
      summary(database, readableCollections(actor), sql`d.id = ${documentId}`),
    create: (actor, document) => create(database, actor, document),
    async replace(actor, documentId, file) {
      const unchanged = await replaceFile(database, actor, documentId, file);
      const document = await summary(
        database,
        writableCollections(actor),
        sql`d.id = ${documentId}`,
      );
      return { document, unchanged };
    },
    usage: (actor) => documentUsage(database, actor),
    remove: (actor, documentId) => remove(database, actor, documentId),
    requeue: (actor, documentId) => requeue(database, actor, documentId),
    cancel: (actor, documentId) => cancel(database, actor, documentId),
    text: (actor, documentId, versionId) => text(database, actor, documentId, versionId),
    original: (actor, documentId) => original(database, actor, documentId),
  };
}
