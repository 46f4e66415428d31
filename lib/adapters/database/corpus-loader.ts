import { randomUUID } from "node:crypto";
import { sql } from "drizzle-orm";
import type { CorpusLoader, LoadedDocument } from "../../ports/corpus-loader.ts";
import type { EmbeddingSpace } from "../../ports/chunk-search.ts";
import {
  changed,
  firstRow,
  integers,
  type SqlDatabase,
  type SqlRunner,
  texts,
  uuids,
} from "./sql-database.ts";
import { analyzeCorpus } from "./purge.ts";
import { signsOf } from "./vector-signs.ts";

async function open(database: SqlDatabase) {
  const [workspaceId, collectionId, userId] = [randomUUID(), randomUUID(), randomUUID()];
  await changed(
    database,
    sql`with w as (insert into workspaces (id, name) values (${workspaceId}, 'Measuring') returning id),
        u as (insert into users (id, name, email, role, workspace_id)
          select ${userId}, 'Measuring', ${userId} || '@localhost', 'admin', id from w)
      insert into collections (id, workspace_id, name) select ${collectionId}::uuid, id, 'Measuring' from w`,
  );
  return { workspaceId, collectionId, userId };
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

interface NumberedDocument extends LoadedDocument {
  readonly id: string;
  readonly versionId: string;
}

const column = <T, R>(rows: readonly T[], pick: (row: T) => R): R[] => rows.map(pick);

async function addDocuments(
  database: SqlRunner,
  collectionId: string,
  documents: readonly NumberedDocument[],
): Promise<void> {
  await changed(
    database,
    sql`insert into documents (id, collection_id, title, file_name, media_type, bytes, content_hash, file_key,
        status, stage, chunk_count, published_version_id, language, created_by)
      select id, ${collectionId}::uuid, title, file_name, 'text/plain', 0, id::text, id::text,
        'ready', 'publishing', chunk_count, version_id, language, 'measuring'
      from unnest(${uuids(column(documents, (each) => each.id))},
        ${texts(column(documents, (each) => each.title))},
        ${texts(column(documents, (each) => each.fileName))},
        ${integers(column(documents, (each) => each.chunks.length))},
        ${uuids(column(documents, (each) => each.versionId))},
        ${texts(column(documents, (each) => each.language))})
        as d(id, title, file_name, chunk_count, version_id, language)`,
  );
  await changed(
    database,
    sql`insert into document_versions (id, document_id, text, language, published_at)
      select id, document_id, text, language, now()
      from unnest(${uuids(column(documents, (each) => each.versionId))},
        ${uuids(column(documents, (each) => each.id))},
        ${texts(column(documents, (each) => each.text))},
        ${texts(column(documents, (each) => each.language))}) as v(id, document_id, text, language)`,
  );
}

async function addChunks(
  database: SqlRunner,
  collectionId: string,
  documents: readonly NumberedDocument[],
  space: string,
): Promise<void> {
  const rows = documents.flatMap((document) =>
    document.chunks.map((chunk) => ({ ...chunk, document })),
  );
  await changed(
    database,
    sql`with batch as (
        select gen_random_uuid() as id, b.*, to_tsvector(b.language::regconfig, b.search_text) as search_vector
        from unnest(${uuids(column(rows, (row) => row.document.versionId))},
          ${uuids(column(rows, (row) => row.document.id))},
          ${texts(column(rows, (row) => row.document.language))},
          ${integers(column(rows, (row) => row.ordinal))},
          ${integers(column(rows, (row) => row.charStart))},
          ${integers(column(rows, (row) => row.charEnd))},
          ${texts(column(rows, (row) => row.text))},
          ${texts(column(rows, (row) => row.searchText))},
          ${texts(column(rows, (row) => `[${row.vector.join(",")}]`))})
          as b(version_id, document_id, language, ordinal, char_start, char_end, text, search_text, vector)
      ), stored as (
        insert into chunks (id, version_id, document_id, collection_id, ordinal, heading_path, char_start, char_end,
          text, content_hash, lexeme_count, search_vector)
        select id, version_id, document_id, ${collectionId}::uuid, ordinal, '{}', char_start, char_end, text,
          encode(sha256(convert_to(text, 'UTF8')), 'hex'),
          (select coalesce(sum(cardinality(positions)), 0) from unnest(search_vector)), search_vector
        from batch
      ), embedded as (
        insert into chunk_embeddings (space_id, chunk_id, version_id, collection_id, embedding)
        select ${space}::uuid, id, version_id, ${collectionId}::uuid, vector::vector from batch
        returning *
      )
      insert into chunk_signs (space_id, chunk_id, version_id, collection_id, signs) ${signsOf(sql`embedded`)}`,
  );
}

async function finish(database: SqlDatabase, collectionId: string): Promise<void> {
  await changed(
    database,
    sql`insert into collection_terms (collection_id, lexeme, chunk_count)
      select ${collectionId}::uuid, word, ndoc from ts_stat(
        format('select search_vector from chunks where collection_id = %L', ${collectionId}::text))`,
  );
  await changed(
    database,
    sql`insert into collection_statistics (collection_id, chunk_count, lexeme_total)
      select ${collectionId}::uuid, count(*), coalesce(sum(lexeme_count), 0) from chunks
      where collection_id = ${collectionId}`,
  );
  await analyzeCorpus(database);
}

/** Postgres by plain set-wise inserts; a batch is stored whole or not at all. */
export function createCorpusLoader(deps: { readonly database: SqlDatabase }): CorpusLoader {
  const { database } = deps;
  return {
    open: () => open(database),
    async add(collectionId, documents, space) {
      const numbered = documents.map((document) => ({
        ...document,
        id: randomUUID(),
        versionId: randomUUID(),
      }));
      const space_ = await spaceId(database, space);
      await database.transaction(async (transaction) => {
        await addDocuments(transaction, collectionId, numbered);
        await addChunks(transaction, collectionId, numbered, space_);
      });
      return numbered.map(({ id }) => id);
    },
    finish: (collectionId) => finish(database, collectionId),
  };
}
