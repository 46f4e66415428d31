import { sql, type SQL } from "drizzle-orm";
import type { EmbeddingSpace } from "../../ports/chunk-search.ts";
import type {
  IngestFence,
  IngestProgress,
  IngestSource,
  IngestStore,
  NewChunk,
  NewVersion,
} from "../../ports/ingest-store.ts";
import { publishVersion } from "./publication.ts";
import { forgetDocument, purgeRows, refreshPlanner, strayFiles } from "./purge.ts";
import { expireDocuments, queueStale, rescueDocuments } from "./upkeep.ts";
import {
  changed,
  firstRow,
  integers,
  json,
  rowsOf,
  type SqlDatabase,
  texts,
} from "./sql-database.ts";
import { signsOf } from "./vector-signs.ts";

/** True while the job still runs under this attempt; shared lock, so that nobody takes it over before the statement ends. */
export const fenceHolds = (fence: IngestFence): SQL =>
  sql`exists (select 1 from jobs where id = ${fence.jobId} and attempt = ${fence.attempt}
    and status = 'running' for share)`;

async function begin(database: SqlDatabase, documentId: string, fence: IngestFence) {
  const row = await firstRow<{
    id: string;
    collection_id: string;
    title: string;
    file_name: string;
    file_key: string;
    language: string;
  }>(
    database,
    sql`update documents set status = 'processing', stage = 'reading', progress_done = 0,
        progress_total = 0, failure_code = null, failure_reason = null, updated_at = now()
      where id = ${documentId} and deleted_at is null and status in ('queued', 'processing')
        and collection_id in (select id from collections where deleted_at is null)
        and ${fenceHolds(fence)}
      returning id, collection_id, title, coalesce(replacement ->> 'fileName', file_name) as file_name,
        coalesce(replacement ->> 'fileKey', file_key) as file_key,
        (select language from collections c where c.id = collection_id) as language`,
  );
  if (row === undefined) return null;
  return {
    documentId: row.id,
    collectionId: row.collection_id,
    title: row.title,
    fileName: row.file_name,
    fileKey: row.file_key,
    language: row.language,
  } satisfies IngestSource;
}

const report = async (
  database: SqlDatabase,
  documentId: string,
  progress: IngestProgress,
  fence: IngestFence,
): Promise<boolean> =>
  (await changed(
    database,
    sql`update documents set stage = ${progress.stage}, progress_done = ${progress.done},
        progress_total = ${progress.total}, failure_code = null,
        failure_reason = ${progress.note ?? null}, updated_at = now(),
        status = ${progress.stage === "waiting" ? "queued" : "processing"}
      where id = ${documentId} and deleted_at is null and status in ('queued', 'processing')
        and ${fenceHolds(fence)}`,
  )) === 1;

async function continueVersion(database: SqlDatabase, version: NewVersion) {
  const open = await rowsOf<{ id: string; same: boolean }>(
    database,
    sql`select v.id, v.text = ${version.text} and v.language = ${version.language} and v.published_at is null as same
      from document_versions v join documents d on d.id = v.document_id
      where v.document_id = ${version.documentId} and v.id is distinct from d.published_version_id
      order by v.created_at desc`,
  );
  const half = open.find((candidate) => candidate.same);
  if (half === undefined) return null;
  const stored = await rowsOf<{ ordinal: number; char_start: number; char_end: number }>(
    database,
    sql`select ordinal, char_start, char_end from chunks where version_id = ${half.id} order by ordinal`,
  );
  const fits = stored.every((chunk, index) => {
    const range = version.ranges[index];
    return (
      chunk.ordinal === index && range?.[0] === chunk.char_start && range[1] === chunk.char_end
    );
  });
  return fits ? { versionId: half.id, storedChunks: stored.length } : null;
}

async function openVersion(database: SqlDatabase, version: NewVersion, fence: IngestFence) {
  const half = await continueVersion(database, version);
  await changed(
    database,
    sql`delete from document_versions v using documents d
      where d.id = v.document_id and v.document_id = ${version.documentId}
        and v.id is distinct from d.published_version_id and v.id is distinct from ${half?.versionId ?? null}::uuid
        and ${fenceHolds(fence)}`,
  );
  if (half !== null) return half;
  const row = await firstRow<{ id: string }>(
    database,
    sql`insert into document_versions (document_id, text, pages, headings, language)
      select id, ${version.text}, ${json(version.pages)}, ${json(version.headings)}, ${version.language}
      from documents where id = ${version.documentId} and deleted_at is null and ${fenceHolds(fence)}
      returning id`,
  );
  return row === undefined ? null : { versionId: row.id, storedChunks: 0 };
}

async function spaceId(database: SqlDatabase, space: EmbeddingSpace): Promise<string> {
  const row = await firstRow<{ id: string }>(
    database,
    sql`insert into embedding_spaces (model, engine, digest, dimension)
      values (${space.model}, ${space.engine}, ${space.digest}, ${space.dimension})
      on conflict (model, engine, digest, dimension) do update set model = excluded.model
      returning id`,
  );
  if (row === undefined) throw new TypeError("an upsert returned no row");
  return row.id;
}

/** One statement, so a batch is stored whole or not at all. */
async function addChunks(
  database: SqlDatabase,
  versionId: string,
  chunks: readonly NewChunk[],
  space: EmbeddingSpace,
  fence: IngestFence,
): Promise<boolean> {
  const space_ = await spaceId(database, space);
  const column = <T>(pick: (chunk: NewChunk) => T) => chunks.map(pick);
  const stored = await changed(
    database,
    sql`with batch as (
        select * from unnest(${integers(column((chunk) => chunk.ordinal))},
          ${texts(column((chunk) => JSON.stringify(chunk.headingPath)))},
          ${integers(column((chunk) => chunk.page))},
          ${integers(column((chunk) => chunk.charStart))},
          ${integers(column((chunk) => chunk.charEnd))}, ${texts(column((chunk) => chunk.text))},
          ${texts(column((chunk) => chunk.searchText))},
          ${texts(column((chunk) => JSON.stringify(chunk.flags)))},
          ${texts(column((chunk) => `[${chunk.vector.join(",")}]`))})
          as b(ordinal, heading_path, page, char_start, char_end, text, search_text, flags, vector)
      ), target as (
        select v.id as version_id, d.id as document_id, c.id as collection_id, v.language
        from document_versions v join documents d on d.id = v.document_id
          join collections c on c.id = d.collection_id
        where v.id = ${versionId} and v.published_at is null and d.deleted_at is null
          and d.status = 'processing' and ${fenceHolds(fence)}
      ), prepared as (
        select gen_random_uuid() as id, target.*, batch.*,
          to_tsvector(target.language::regconfig, batch.search_text) as search_vector
        from batch cross join target
      ), stored as (
        insert into chunks (id, version_id, document_id, collection_id, ordinal, heading_path, page,
          char_start, char_end, text, content_hash, flags, lexeme_count, search_vector)
        select id, version_id, document_id, collection_id, ordinal,
          array(select jsonb_array_elements_text(heading_path::jsonb)), page, char_start, char_end,
          text, encode(sha256(convert_to(text, 'UTF8')), 'hex'),
          array(select jsonb_array_elements_text(flags::jsonb)),
          (select coalesce(sum(cardinality(positions)), 0) from unnest(search_vector)), search_vector
        from prepared
        returning id
      ), embedded as (
        insert into chunk_embeddings (space_id, chunk_id, version_id, collection_id, embedding)
        select ${space_}::uuid, id, version_id, collection_id, vector::vector from prepared
        where exists (select 1 from stored)
        returning *
      )
      insert into chunk_signs (space_id, chunk_id, version_id, collection_id, signs) ${signsOf(sql`embedded`)}`,
  );
  return stored === chunks.length;
}

const fail = async (
  database: SqlDatabase,
  documentId: string,
  failure: { readonly code: string; readonly reason: string },
  fence: IngestFence,
): Promise<boolean> => {
  // Said once, however often a followed source brings the same file again.
  const warning = `The new version could not be read: ${failure.reason}`;
  const failed = await changed(
    database,
    // A version that readers have stays: only the new one failed.
    sql`update documents set replacement = null, updated_at = now(),
        status = case when published_version_id is null then 'failed' else 'ready' end,
        stage = case when published_version_id is null then 'waiting' else 'publishing' end,
        failure_code = case when published_version_id is null then ${failure.code} end,
        failure_reason = case when published_version_id is null then ${failure.reason} end,
        warnings = case when published_version_id is null then warnings
          else warnings - ${warning}::text || ${json([warning])} end
      where id = ${documentId} and deleted_at is null and status in ('queued', 'processing')
        and ${fenceHolds(fence)}`,
  );
  if (failed === 0) return false;
  await changed(
    database,
    sql`delete from document_versions v using documents d where d.id = v.document_id
      and d.id = ${documentId} and d.status in ('failed', 'ready') and v.id is distinct from d.published_version_id`,
  );
  return true;
};

export function createIngestStore(deps: { readonly database: SqlDatabase }): IngestStore {
  const { database } = deps;
  return {
    begin: (documentId, fence) => begin(database, documentId, fence),
    report: (documentId, progress, fence) => report(database, documentId, progress, fence),
    openVersion: (version, fence) => openVersion(database, version, fence),
    addChunks: (versionId, chunks, space, fence) =>
      addChunks(database, versionId, chunks, space, fence),
    publish: (publication, fence) => publishVersion(database, publication, fence),
    fail: (documentId, failure, fence) => fail(database, documentId, failure, fence),
    purge: (limit) => purgeRows(database, limit),
    expire: (limit) => expireDocuments(database, limit),
    rescue: () => rescueDocuments(database),
    queueStale: (space, limit) => queueStale(database, space, limit),
    strayFiles: (fileKeys) => strayFiles(database, fileKeys),
    refreshPlanner: () => refreshPlanner(database),
    forget: (documentId) => forgetDocument(database, documentId),
  };
}
