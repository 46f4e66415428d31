import { sql, type SQL } from "drizzle-orm";
import type { CandidateQuery } from "../../ports/chunk-search.ts";
import { inAskedCollections, isPublished } from "./search-scope.ts";
import { type indexedSpace, nearByIndex } from "./vector-index.ts";
import { nearBySigns } from "./vector-signs.ts";

type IndexedSpace = Awaited<ReturnType<typeof indexedSpace>>;

/** A small scope is compared vector by vector. */
export interface VectorSearch {
  /** The space whose index is asked instead. */
  readonly indexed: IndexedSpace;
  readonly bySigns: boolean;
}

/** Candidates by their vectors, and where each found chunk's cosine comes from. */
export interface VectorLeg {
  /** `near (id)`, and what it rests on. */
  readonly near: SQL;
  /** Joined to the chunk `k`. */
  readonly join: SQL;
  readonly cosine: SQL;
}

export function vectorLeg(
  query: CandidateQuery,
  { indexed: space, bySigns }: VectorSearch,
): VectorLeg {
  if (query.vector === null)
    return {
      near: sql`near as materialized (select null::uuid as id where false)`,
      ...{ join: sql``, cosine: sql`null::float8` },
    };
  if (space === null && !bySigns) return everyVector(query, query.vectorLimit);
  const near =
    space === null
      ? nearBySigns(
          sql`${inAskedCollections(sql`s.collection_id`, query)} and ${isPublished(sql`s.version_id`)}`,
          query.vectorLimit,
        )
      : nearByIndex(
          space,
          query.vector.values,
          sql`${inAskedCollections(sql`e.collection_id`, query)} and ${isPublished(sql`e.version_id`)}`,
          query.vectorLimit,
        );
  return {
    near: sql`near as materialized (${near})`,
    join: sql`left join chunk_embeddings e on e.chunk_id = k.id and e.space_id = (select id from asked)`,
    cosine: sql`-(e.embedding <#> (select vector from asked))`,
  };
}

/** Compares every vector of the scope, once: those of the chunks that words found are among them. */
const everyVector = (query: CandidateQuery, limit: number): VectorLeg => ({
  near: sql`compared as materialized (
      select e.chunk_id as id, -(e.embedding <#> (select vector from asked)) as cosine from chunk_embeddings e
      where e.space_id = (select id from asked) and ${inAskedCollections(sql`e.collection_id`, query)}
        and ${isPublished(sql`e.version_id`)}),
    near as materialized (select id from compared order by cosine desc, id limit ${limit})`,
  join: sql`left join compared e on e.id = k.id`,
  cosine: sql`e.cosine`,
});

/** The question's vector and its space; no row when nothing was ever embedded there. */
export function asked(query: CandidateQuery): SQL {
  if (query.vector === null) return sql`select null::uuid as id, null::vector as vector`;
  const { values, space } = query.vector;
  return sql`select id, ${`[${values.join(",")}]`}::vector as vector from embedding_spaces
    where model = ${space.model} and engine = ${space.engine} and digest = ${space.digest}
      and dimension = ${space.dimension}`;
}
