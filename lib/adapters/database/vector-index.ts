import { sql, type SQL } from "drizzle-orm";
import type { EmbeddingSpace } from "../../ports/chunk-search.ts";
import { changed, firstRow, rowsOf, type SqlDatabase } from "./sql-database.ts";

/**
 * From this many chunks on an approximate index pays: below it every vector of the scope is compared.
 * @see docs/decisions/2026-11-26-vectors-from-150000-chunks.md
 */
export const indexedFrom = 150_000;
/** Candidates that the index keeps while it looks; recall rises with it. */
const searchWidth = 400;

const nameFor = (spaceId: string): string => `chunk_embeddings_near_${spaceId.replaceAll("-", "")}`;

interface SpaceRow {
  readonly [column: string]: unknown;
  readonly id: string;
  readonly dimension: number;
}

/** The indexed expression and what it is compared by; ids and dimensions are the database's own. */
const indexed = ({ dimension }: SpaceRow): SQL =>
  sql.raw(`embedding::halfvec(${String(dimension)})`);

/** The space of a question's vectors if an index of it can be asked, else `null`. */
export async function indexedSpace(
  database: SqlDatabase,
  { model, engine, digest, dimension }: EmbeddingSpace,
): Promise<SpaceRow | null> {
  const row = await firstRow<SpaceRow>(
    database,
    sql`select s.id, s.dimension from embedding_spaces s
        join pg_class c on c.relname = 'chunk_embeddings_near_' || replace(s.id::text, '-', '')
        join pg_index i on i.indexrelid = c.oid and i.indisvalid
      where s.model = ${model} and s.engine = ${engine} and s.digest = ${digest}
        and s.dimension = ${dimension}`,
  );
  return row ?? null;
}

/** The nearest by the index: `condition` filters while it looks, and it looks on until enough are found. */
export const nearByIndex = (
  space: SpaceRow,
  values: readonly number[],
  condition: SQL,
  limit: number,
): SQL => sql`select e.chunk_id as id from chunk_embeddings e
  where e.space_id = ${sql.raw(`'${space.id}'::uuid`)} and ${condition}
  order by e.${indexed(space)} <#> ${`[${values.join(",")}]`}::${sql.raw(`halfvec(${String(space.dimension)})`)}
  limit ${limit}`;

/** For the transaction that asks the index. */
export const indexSettings: SQL = sql`select set_config('hnsw.ef_search', ${String(searchWidth)}, true),
  set_config('hnsw.iterative_scan', 'relaxed_order', true)`;

/** pgvector indexes no longer half vectors than these. */
const mostDimensions = 4000;

/**
 * Makes the index of every space that has grown large enough and none for others. Building takes minutes and blocks neither readers
 * nor writers; what a killed build left is made anew.
 */
export async function keepVectorIndexes(
  database: SqlDatabase,
  from: number = indexedFrom,
): Promise<void> {
  const spaces = await rowsOf<SpaceRow & { valid: boolean | null }>(
    database,
    sql`select s.id, s.dimension, i.indisvalid as valid
      from embedding_spaces s
        left join pg_class c on c.relname = 'chunk_embeddings_near_' || replace(s.id::text, '-', '')
        left join pg_index i on i.indexrelid = c.oid
      where s.dimension <= ${mostDimensions}
        and not exists (select 1 from pg_stat_progress_create_index p where p.index_relid = c.oid)
        and (select count(*) from (select 1 from chunk_embeddings e where e.space_id = s.id limit ${from}) counted) >= ${from}`,
  );
  for (const space of spaces) {
    if (space.valid === true) continue;
    const name = sql.identifier(nameFor(space.id));
    if (space.valid === false)
      await changed(database, sql`drop index concurrently if exists ${name}`);
    await changed(
      database,
      sql`create index concurrently if not exists ${name} on chunk_embeddings
        using hnsw ((${indexed(space)}) halfvec_ip_ops)
        where space_id = ${sql.raw(`'${space.id}'::uuid`)}`,
    );
  }
}
