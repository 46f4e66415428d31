import { sql, type SQL } from "drizzle-orm";
import type { Actor } from "../../core/access/actor.ts";
import type {
  CandidateQuery,
  Candidates,
  ChunkSearch,
  FoundHeading,
  QueryTerm,
  QueryTerms,
  ScopedQuery,
} from "../../ports/chunk-search.ts";
import { generationsNow, isAsked } from "./access.ts";
import { loadChunks } from "./found-chunks.ts";
import { rowsOf, type SqlDatabase, type SqlRunner, texts, uuids } from "./sql-database.ts";
import { indexedFrom, indexedSpace, indexSettings, nearByIndex } from "./vector-index.ts";
import { nearBySigns, signsFrom } from "./vector-signs.ts";

const scopeOf = (actor: Actor, { collectionIds }: ScopedQuery): SQL =>
  isAsked(actor, collectionIds);

/** Published versions in the scope: everything else does not exist for a search. */
const publishedVersions = (actor: Actor, scope: ScopedQuery): SQL => sql`
  select d.published_version_id as version_id, d.language, d.chunk_count
  from documents d join collections c on c.id = d.collection_id
  where d.deleted_at is null and d.published_version_id is not null and ${scopeOf(actor, scope)}`;

async function terms(
  database: SqlDatabase,
  actor: Actor,
  scope: ScopedQuery,
  text: string,
): Promise<QueryTerms> {
  const rows = await rowsOf<{
    chunk_count: string;
    lexeme_total: number;
    terms: readonly QueryTerm[] | null;
    generations: Readonly<Record<string, number>>;
    state: string;
  }>(
    database,
    sql`with scope as materialized (select c.id, c.corpus_generation from collections c where ${scopeOf(actor, scope)}),
      seen as (select coalesce(jsonb_object_agg(id, corpus_generation), '{}'::jsonb) as generations from scope),
      languages as (
        select distinct d.language from documents d where d.collection_id in (select id from scope)
          and d.deleted_at is null and d.published_version_id is not null),
      words as (
        select l.language, w.lexeme, cardinality(w.positions) as count
        from languages l
          cross join lateral unnest(to_tsvector(l.language::regconfig, ${text})) w),
      counted as (
        select words.language, words.lexeme, words.count, coalesce(sum(t.chunk_count), 0)::integer as chunk_count
        from words left join collection_terms t
          on t.lexeme = words.lexeme and t.collection_id in (select id from scope)
        group by words.language, words.lexeme, words.count)
    select coalesce(sum(s.chunk_count), 0) as chunk_count, coalesce(sum(s.lexeme_total), 0) as lexeme_total,
      (select json_agg(json_build_object('language', language, 'lexeme', lexeme, 'count', count,
        'chunkCount', chunk_count)) from counted) as terms,
      (select generations from seen) as generations, (select md5(generations::text) from seen) as state
    from collection_statistics s where s.collection_id in (select id from scope)`,
  );
  const [row] = rows;
  const chunkCount = Number(row?.chunk_count ?? 0);
  return {
    terms: row?.terms ?? [],
    chunkCount,
    averageLength: chunkCount === 0 ? 0 : (row?.lexeme_total ?? 0) / chunkCount,
    generations: new Map(Object.entries(row?.generations ?? {})),
    state: row?.state ?? "",
  };
}

/**
 * `is true` keeps the planner from turning this into a join with rows it cannot count: it looks each version up in
 * a hash table instead (10,000 chunks of 50 documents: 15 ms against 125).
 */
const isPublished = (versionId: SQL, condition: SQL = sql``): SQL =>
  sql`(${versionId} in (select version_id from published ${condition})) is true`;

/** Says nothing that `isPublished` does not say, but in a way that an index answers: a small scope stays small. */
const inAskedCollections = (collectionId: SQL, scope: ScopedQuery): SQL =>
  scope.collectionIds.length === 0
    ? sql`true`
    : sql`${collectionId} = any(${uuids(scope.collectionIds)})`;

const quoted = (lexeme: string): string =>
  `'${lexeme.replaceAll("\\", "\\\\").replaceAll("'", "''")}'`;

/**
 * As an array, whose few members are looked up by the key: of a join the planner thinks that it has to go through every published chunk
 * (100,000 chunks: 5 ms against 300).
 */
const isFound = (chunkId: SQL): SQL => sql`${chunkId} = any(array(select id from found))`;

/** One OR query a language: chunks are matched with the words as their own language stems them. */
function lexicalCandidates(query: CandidateQuery): SQL {
  const languages = [...new Set(query.proposing.map((term) => term.language))];
  if (languages.length === 0) return sql`select null::uuid as id where false`;
  const branches = languages.map((language) => {
    const words = query.proposing.filter((term) => term.language === language);
    const any = words.map((term) => quoted(term.lexeme)).join(" | ");
    return sql`select k.id, ts_rank(k.search_vector, ${any}::tsquery, 1) as rank from chunks k
      where k.search_vector @@ ${any}::tsquery
        and ${inAskedCollections(sql`k.collection_id`, query)}
        and ${isPublished(sql`k.version_id`, sql`where language = ${language}`)}`;
  });
  return sql`select id from (${sql.join(branches, sql` union all `)}) ranked
    order by rank desc, id limit ${query.lexicalLimit}`;
}

const mostExact = 100;

/** Chunks that `ts_rank`, which knows no rarity, may leave out: those with a rare word or a phrase of the question. */
function exactCandidates(query: CandidateQuery): SQL {
  const scoped = sql`${inAskedCollections(sql`k.collection_id`, query)}`;
  const branches = [...new Set(query.counted.map((term) => term.language))].flatMap((language) => {
    const visible = isPublished(sql`k.version_id`, sql`where language = ${language}`);
    const rare = query.rare.filter((term) => term.language === language);
    const any = rare.map((term) => quoted(term.lexeme)).join(" | ");
    const matches = query.phrases.map(
      (phrase) => sql`k.search_vector @@ phraseto_tsquery(${language}::regconfig, ${phrase})`,
    );
    if (rare.length > 0) matches.push(sql`k.search_vector @@ ${any}::tsquery`);
    return matches.map(
      (match) =>
        sql`(select k.id from chunks k where ${match} and ${scoped} and ${visible} limit ${mostExact})`,
    );
  });
  if (branches.length === 0) return sql`select null::uuid as id where false`;
  return sql.join(branches, sql` union `);
}

/**
 * The lexemes asked for and no others. All of a chunk's would be taken apart before a condition on them is looked at (600 chunks: 15 ms
 * against 60); no vector here has weights of its own.
 */
const onlyOf = (vector: SQL, lexemes: SQL): SQL =>
  sql`ts_filter(setweight(${vector}, 'A', ${lexemes}), '{a}')`;

/** Places of the phrases that the chunk holds as they are written. */
const phrasePlaces = (phrases: readonly string[]): SQL =>
  phrases.length === 0
    ? sql`'{}'::integer[]`
    : sql`array(select place::integer - 1 from unnest(${texts(phrases)}) with ordinality p(phrase, place)
        where strpos(lower(regexp_replace(array_to_string(k.heading_path, ' ') || ' ' || k.text, '\\s+', ' ', 'g')),
          lower(phrase)) > 0)`;

/** A small scope is compared vector by vector. */
interface VectorSearch {
  /** The space whose index is asked instead. */
  readonly indexed: IndexedSpace;
  readonly bySigns: boolean;
}

function vectorCandidates(query: CandidateQuery, { indexed: space, bySigns }: VectorSearch): SQL {
  if (query.vector === null) return sql`select null::uuid as id where false`;
  if (space !== null) {
    const condition = sql`${inAskedCollections(sql`e.collection_id`, query)} and ${isPublished(sql`e.version_id`)}`;
    return nearByIndex(space, query.vector.values, condition, query.vectorLimit);
  }
  if (bySigns)
    return nearBySigns(
      sql`${inAskedCollections(sql`s.collection_id`, query)} and ${isPublished(sql`s.version_id`)}`,
      query.vectorLimit,
    );
  return sql`select e.chunk_id as id from chunk_embeddings e
    where e.space_id = (select id from asked) and ${inAskedCollections(sql`e.collection_id`, query)}
      and ${isPublished(sql`e.version_id`)}
    order by e.embedding <#> (select vector from asked), e.chunk_id limit ${query.vectorLimit}`;
}

/** The question's vector and its space; no row when nothing was ever embedded there. */
function asked(query: CandidateQuery): SQL {
  if (query.vector === null) return sql`select null::uuid as id, null::vector as vector`;
  const { values, space } = query.vector;
  return sql`select id, ${`[${values.join(",")}]`}::vector as vector from embedding_spaces
    where model = ${space.model} and engine = ${space.engine} and digest = ${space.digest}
      and dimension = ${space.dimension}`;
}

type IndexedSpace = Awaited<ReturnType<typeof indexedSpace>>;

/** A small scope is compared vector by vector; in a larger one signs propose, and in a large one an index, where there is one. */
async function candidates(
  { database, indexedFrom: from = indexedFrom, signsFrom: signed = signsFrom }: ChunkSearchDeps,
  actor: Actor,
  query: CandidateQuery,
): Promise<Candidates> {
  const isLarge = query.vector !== null && query.scopeChunks >= from;
  const indexed = isLarge ? await indexedSpace(database, query.vector.space) : null;
  const by = { indexed, bySigns: query.scopeChunks >= signed };
  if (indexed === null) return candidatesIn(database, actor, query, by);
  return database.transaction(async (transaction) => {
    await transaction.execute(indexSettings);
    return candidatesIn(transaction, actor, query, by);
  });
}

async function candidatesIn(
  database: SqlRunner,
  actor: Actor,
  query: CandidateQuery,
  by: VectorSearch,
): Promise<Candidates> {
  const lexemes = texts([...new Set(query.counted.map((term) => term.lexeme))]);
  const rows = await rowsOf<{
    id: string;
    content_hash: string;
    document_id: string;
    document_chunks: number;
    document_count: string;
    language: string;
    lexeme_count: number;
    frequencies: Readonly<Record<string, number>> | null;
    cosine: number | null;
    phrases: readonly number[];
    state: string;
  }>(
    database,
    sql`with published as materialized (${publishedVersions(actor, query)}),
      asked as materialized (${asked(query)}),
      lexical as materialized (${lexicalCandidates(query)}),
      near as materialized (${vectorCandidates(query, by)}),
      exact as materialized (${exactCandidates(query)}),
      found as materialized (select id from lexical union select id from near union select id from exact)
    select k.id, k.content_hash, k.document_id, published.chunk_count as document_chunks,
      (select count(*) from published) as document_count, published.language, k.lexeme_count,
      (select json_object_agg(w.lexeme, cardinality(w.positions))
        from unnest(${onlyOf(sql`k.search_vector`, lexemes)}) w) as frequencies,
      -(e.embedding <#> (select vector from asked)) as cosine, ${phrasePlaces(query.phrases)} as phrases,
      (select md5(${generationsNow(actor, query.collectionIds)}::text)) as state
    from chunks k join published on published.version_id = k.version_id
      left join chunk_embeddings e on e.chunk_id = k.id and e.space_id = (select id from asked)
    where ${isFound(sql`k.id`)}`,
  );
  const found = rows.map((row) => ({
    chunkId: row.id,
    contentHash: row.content_hash,
    documentId: row.document_id,
    documentChunks: row.document_chunks,
    language: row.language,
    lexemeCount: row.lexeme_count,
    frequencies: row.frequencies ?? {},
    cosine: row.cosine,
    phrases: row.phrases,
  }));
  return {
    found,
    documentCount: Number(rows[0]?.document_count ?? 0),
    state: rows[0]?.state ?? null,
  };
}

async function headings(
  database: SqlDatabase,
  actor: Actor,
  scope: ScopedQuery,
  limit: number,
): Promise<readonly FoundHeading[]> {
  const rows = await rowsOf<{ document_id: string; title: string; heading: string }>(
    database,
    sql`select d.id as document_id, d.title, k.heading_path[cardinality(k.heading_path)] as heading
      from documents d join collections c on c.id = d.collection_id
        join chunks k on k.version_id = d.published_version_id
      where d.deleted_at is null and ${scopeOf(actor, scope)} and cardinality(k.heading_path) > 0
      group by d.id, heading
      having sum(length(k.text)) >= 200
      order by d.created_at desc, sum(length(k.text)) desc
      limit ${limit}`,
  );
  return rows.map((row) => ({
    documentId: row.document_id,
    documentTitle: row.title,
    heading: row.heading,
  }));
}

interface ChunkSearchDeps {
  readonly database: SqlDatabase;
  /** Chunks of a scope from which on an index is asked, where there is one. */
  readonly indexedFrom?: number;
  /** The same for the signs of vectors. */
  readonly signsFrom?: number;
}

/** Search in Postgres: words by GIN and `ts_rank`, vectors by an exact scan of the scope, in larger scopes by their signs or an index. */
export function createChunkSearch(deps: ChunkSearchDeps): ChunkSearch {
  const { database } = deps;
  return {
    terms: (actor, scope, text) => terms(database, actor, scope, text),
    candidates: (actor, query) => candidates(deps, actor, query),
    load: (actor, chunkIds) => loadChunks(database, actor, chunkIds),
    headings: (actor, scope, limit) => headings(database, actor, scope, limit),
  };
}
