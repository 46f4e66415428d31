import { sql } from "drizzle-orm";
import type { Actor } from "../../core/access/actor.ts";
import { AppError } from "../../core/errors/app-error.ts";
import type { DocumentUsage, NewFile } from "../../ports/document-store.ts";
import { writableCollections } from "./access.ts";
import { ingestJob, ingestKey } from "./document-jobs.ts";
import { cancelJob, insertJob } from "./postgres-job-queue.ts";
import { changed, firstRow, json, type SqlDatabase, type SqlRunner } from "./sql-database.ts";

interface Current {
  readonly [column: string]: unknown;
  readonly collection_id: string;
  readonly content_hash: string;
  readonly next_hash: string | null;
  readonly is_published: boolean;
}

async function current(runner: SqlRunner, actor: Actor, documentId: string): Promise<Current> {
  const row = await firstRow<Current>(
    runner,
    sql`select collection_id, content_hash, replacement ->> 'contentHash' as next_hash,
        published_version_id is not null as is_published
      from documents where id = ${documentId} and deleted_at is null
        and collection_id in ${writableCollections(actor)}`,
  );
  if (row === undefined) throw new AppError("not_found", {});
  return row;
}

async function requireFree(runner: SqlRunner, document: Current, id: string, hash: string) {
  const other = await firstRow(
    runner,
    sql`select 1 as taken from documents where collection_id = ${document.collection_id}
      and content_hash = ${hash} and id <> ${id} and deleted_at is null`,
  );
  if (other !== undefined)
    throw new AppError("conflict", { reason: "This file is in the collection already." });
}

/** `true` when there was nothing to do. What is read at the moment stops; the published version stays. */
export function replaceFile(
  database: SqlDatabase,
  actor: Actor,
  documentId: string,
  file: NewFile,
): Promise<boolean> {
  return database.transaction(async (transaction) => {
    const document = await current(transaction, actor, documentId);
    const expected = document.next_hash ?? document.content_hash;
    if (expected === file.contentHash) return true;
    await requireFree(transaction, document, documentId, file.contentHash);
    await cancelJob(transaction, ingestKey(documentId));
    const columns = document.is_published
      ? sql`replacement = ${json(file)}`
      : sql`file_key = ${file.fileKey}, file_name = ${file.fileName}, media_type = ${file.mediaType},
          bytes = ${file.bytes}, content_hash = ${file.contentHash}`;
    await changed(
      transaction,
      sql`update documents set ${columns}, status = 'queued', stage = 'waiting', progress_done = 0,
          progress_total = 0, failure_code = null, failure_reason = null, updated_at = now()
        where id = ${documentId}`,
    );
    await insertJob(transaction, ingestJob(documentId));
    return false;
  });
}

/** Both versions of a document that is being replaced count: both are on disk. */
export async function documentUsage(database: SqlDatabase, actor: Actor): Promise<DocumentUsage> {
  const row = await firstRow<{ person: string; workspace: string }>(
    database,
    sql`select
        coalesce(sum(size) filter (where d.created_by = ${actor.userId}), 0) as person,
        coalesce(sum(size), 0) as workspace
      from documents d join collections c on c.id = d.collection_id,
        lateral (select d.bytes + coalesce((d.replacement ->> 'bytes')::bigint, 0) as size) sizes
      where d.deleted_at is null and c.deleted_at is null and c.workspace_id = ${actor.workspaceId}`,
  );
  return { personBytes: Number(row?.person ?? 0), workspaceBytes: Number(row?.workspace ?? 0) };
}
