import { sql, type SQL } from "drizzle-orm";

/**
 * From this many chunks on the signs of the vectors are compared first and whole vectors only where those agree most.
 * @see docs/decisions/2026-11-27-signs-first.md
 */
export const signsFrom = 20_000;
/** For each vector wanted so many are compared whole. */
const comparedShare = 10;

/** Rows for `chunk_signs`, of rows as `chunk_embeddings` has them. */
export const signsOf = (embedded: SQL): SQL =>
  sql`select space_id, chunk_id, version_id, collection_id, binary_quantize(embedding) from ${embedded}`;

/**
 * The nearest vectors among those whose signs agree most with the question's; expects `asked (id, vector)`.
 * @param condition on the columns of `s`
 */
export const nearBySigns = (condition: SQL, limit: number): SQL => sql`select e.chunk_id as id
  from chunk_embeddings e
  where e.space_id = (select id from asked) and e.chunk_id = any(array(
    select s.chunk_id from chunk_signs s
    where s.space_id = (select id from asked) and ${condition}
    order by s.signs <~> (select binary_quantize(vector) from asked) limit ${limit * comparedShare}))
  order by e.embedding <#> (select vector from asked), e.chunk_id limit ${limit}`;
