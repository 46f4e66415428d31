import type { DatabaseConnection } from "#lib/adapters/database/connection.ts";

const countsPerCollection = `
  with published as (
    select k.* from chunks k join documents d on d.published_version_id = k.version_id
    where d.deleted_at is null)
  select c.id,
    (select count(*)::int from published k where k.collection_id = c.id) as chunks,
    coalesce((select chunk_count from collection_statistics s where s.collection_id = c.id), 0) as counted_chunks,
    (select coalesce(sum(lexeme_count), 0)::int from published k where k.collection_id = c.id) as lexemes,
    coalesce((select lexeme_total from collection_statistics s where s.collection_id = c.id), 0) as counted_lexemes
  from collections c where c.deleted_at is null`;

const termsOf = (collectionId: string): string => `
  select count(*)::int as wrong from (
    select word as lexeme, ndoc as n from ts_stat($$select k.search_vector from chunks k
      join documents d on d.published_version_id = k.version_id
      where d.deleted_at is null and k.collection_id = '${collectionId}'$$)) real
  full join (select lexeme, chunk_count as n from collection_terms where collection_id = '${collectionId}') kept
    using (lexeme)
  where real.n is distinct from kept.n`;

const faults = {
  "chunks twice in a version": `select count(*)::int as n from (
    select 1 from chunks group by version_id, char_start having count(*) > 1) t`,
  "ready documents with another number of chunks": `select count(*)::int as n from documents d
    where d.status = 'ready' and d.deleted_at is null and d.chunk_count <>
      (select count(*) from chunks k where k.version_id = d.published_version_id)`,
  "published chunks without a vector": `select count(*)::int as n from chunks k
    join documents d on d.published_version_id = k.version_id
    where (select count(*) from chunk_embeddings e where e.chunk_id = k.id) <> 1`,
  "vectors without their signs": `select count(*)::int as n from chunk_embeddings e
    left join chunk_signs s using (chunk_id, space_id, version_id, collection_id)
    where s.signs is distinct from binary_quantize(e.embedding)`,
  "documents that show a version but are not ready": `select count(*)::int as n from documents d
    where d.published_version_id is not null and d.status not in ('ready', 'queued', 'processing')`,
  "chunks whose range is not their text": `select count(*)::int as n from chunks k
    join document_versions v on v.id = k.version_id
    where substr(v.text, k.char_start + 1, k.char_end - k.char_start) <> k.text`,
} as const;

/** Everything that is wrong with the stored corpus, in words; empty when the counts that BM25 uses equal a fresh count. */
export async function auditCorpus(connection: DatabaseConnection): Promise<string[]> {
  const { pool } = connection;
  const found: string[] = [];
  for (const [what, query] of Object.entries(faults)) {
    const { rows } = await pool.query<{ n: number }>(query);
    if (rows[0]?.n !== 0) found.push(`${String(rows[0]?.n)} ${what}`);
  }
  const { rows } = await pool.query<Record<string, number> & { id: string }>(countsPerCollection);
  for (const row of rows) {
    if (row["chunks"] !== row["counted_chunks"] || row["lexemes"] !== row["counted_lexemes"])
      found.push(`statistics of ${row.id}: ${JSON.stringify(row)}`);
    const terms = await pool.query<{ wrong: number }>(termsOf(row.id));
    if (terms.rows[0]?.wrong !== 0) found.push(`${String(terms.rows[0]?.wrong)} wrong word counts`);
  }
  return found;
}
