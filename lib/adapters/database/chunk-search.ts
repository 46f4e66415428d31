import { sql, type SQL } from "drizzle-orm";
import type { Actor } from "../../core/access/actor.ts";
import { countedAcrossLanguages, type PlacedTerm } from "../../core/rag/words-across-languages.ts";
import type { AskedWords } from "../../core/rag/search-terms.ts";
import type {
  CandidateQuery,
  Candidates,
  ChunkSearch,
  FoundHeading,
  QueryTerms,
  ScopedQuery,
} from "../../ports/chunk-search.ts";
import { generationsNow } from "./access.ts";
import { loadChunks } from "./found-chunks.ts";
import { publishedVersions, scopeOf } from "./search-scope.ts";
import {
  type PreparingDatabase,
  rowsOf,
  rowsOfPrepared,
  type SqlDatabase,
  type SqlRunner,
  texts,
} from "./sql-database.ts";
import { asked, vectorLeg, type VectorSearch } from "./vector-candidates.ts";
import { indexedFrom, indexedSpace, indexSettings } from "./vector-index.ts";
import { signsFrom } from "./vector-signs.ts";
import {
  exactCandidates,
  frequenciesOf,
  lexicalCandidates,
  onlyOf,
  phrasePlaces,
} from "./word-candidates.ts";

interface TermsRow {
  readonly [column: string]: unknown;
  readonly chunk_count: string;
  readonly stored_chunks: number;
  readonly lexeme_total: number;
  readonly terms: readonly PlacedTerm[] | null;
  /** Published chunks by the language of their document. */
  readonly languages: Readonly<Record<string, number>> | null;
  readonly generations: Readonly<Record<string, number>>;
  readonly state: string;
}

const noRow: TermsRow = {
  ...{ chunk_count: "0", stored_chunks: 0, lexeme_total: 0 },
  ...{ terms: null, languages: null, generations: {}, state: "" },
};

async function terms(
  database: PreparingDatabase,
  actor: Actor,
  scope: ScopedQuery,
  words: AskedWords,
): Promise<QueryTerms> {
  const wholes = texts(words.identifiers.map(({ whole }) => whole));
  const parts = texts(words.identifiers.map(({ parts: its }) => its));
  const rows = await rowsOfPrepared<TermsRow>(
    database,
    sql`with scope as materialized (select c.id, c.corpus_generation from collections c where ${scopeOf(actor, scope)}),
      seen as (select coalesce(jsonb_object_agg(id, corpus_generation), '{}'::jsonb) as generations from scope),
      languages as (
        select d.language, sum(d.chunk_count)::integer as chunks from documents d where d.collection_id in (select id from scope)
          and d.deleted_at is null and d.published_version_id is not null
        group by d.language),
      said as (
        select 0 as identifier, ${words.text}::text as words, null as whole
        union all
        select i.place::integer, i.parts, i.whole
        from unnest(${wholes}, ${parts}) with ordinality as i(whole, parts, place)),
      words as (
        select l.language, said.identifier, w.lexeme, w.positions,
          said.identifier > 0 and not exists (
            select from collection_terms t where t.collection_id in (select id from scope)
              and t.lexeme = any(tsvector_to_array(to_tsvector(l.language::regconfig, said.whole)))) as is_only_in_parts
        from languages l cross join said
          cross join lateral unnest(to_tsvector(l.language::regconfig, said.words)) w),
      counted as (
        select words.*, coalesce(sum(t.chunk_count), 0)::integer as lexeme_chunks
        from words left join collection_terms t
          on t.lexeme = words.lexeme and t.collection_id in (select id from scope)
        group by words.language, words.identifier, words.lexeme, words.positions, words.is_only_in_parts)
    select coalesce(sum(s.chunk_count), 0) as chunk_count, coalesce(sum(s.lexeme_total), 0) as lexeme_total,
      (select greatest(reltuples, 0) from pg_class where oid = 'chunks'::regclass) as stored_chunks,
      (select json_agg(json_build_object('language', language, 'lexeme', lexeme, 'identifier', identifier,
        'isOnlyInParts', is_only_in_parts, 'positions', positions, 'lexemeChunks', lexeme_chunks)) from counted) as terms,
      (select jsonb_object_agg(language, chunks) from languages) as languages,
      (select generations from seen) as generations, (select md5(generations::text) from seen) as state
    from collection_statistics s where s.collection_id in (select id from scope)`,
  );
  const [row = noRow] = rows;
  const chunkCount = Number(row.chunk_count);
  return {
    terms: countedAcrossLanguages(row.terms ?? [], new Map(Object.entries(row.languages ?? {}))),
    chunkCount,
    storedChunks: row.stored_chunks,
    averageLength: chunkCount === 0 ? 0 : row.lexeme_total / chunkCount,
    generations: new Map(Object.entries(row.generations)),
    state: row.state,
  };
}

/**
 * As an array, whose few members are looked up by the key: of a join the planner thinks that it has to go through every published chunk
 * (100,000 chunks: 5 ms against 300).
 */
const isFound = (chunkId: SQL): SQL => sql`${chunkId} = any(array(select id from found))`;

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
  const leg = vectorLeg(query, by);
  const rows = await rowsOf<{
    id: string;
    content_hash: string;
    document_id: string;
    document_chunks: number;
    document_count: string;
    language: string;
    lexeme_count: number;
    places: string;
    cosine: number | null;
    phrases: readonly number[];
    state: string;
  }>(
    database,
    sql`with published as materialized (${publishedVersions(actor, query)}),
      asked as materialized (${asked(query)}),
      lexical as materialized (${lexicalCandidates(query)}),
      ${leg.near},
      exact as materialized (${exactCandidates(query)}),
      found as materialized (select id from lexical union select id from near union select id from exact)
    select k.id, k.content_hash, k.document_id, published.chunk_count as document_chunks,
      (select count(*) from published) as document_count, published.language, k.lexeme_count,
      ${onlyOf(sql`k.search_vector`, lexemes)}::text as places, ${leg.cosine} as cosine,
      ${phrasePlaces(query.phrases)} as phrases,
      (select md5(${generationsNow(actor, query.collectionIds)}::text)) as state
    from chunks k join published on published.version_id = k.version_id ${leg.join}
    where ${isFound(sql`k.id`)}`,
  );
  const found = rows.map((row) => ({
    chunkId: row.id,
    contentHash: row.content_hash,
    documentId: row.document_id,
    documentChunks: row.document_chunks,
    language: row.language,
    lexemeCount: row.lexeme_count,
    frequencies: frequenciesOf(row.places),
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
  readonly database: PreparingDatabase;
  /** Chunks of a scope from which on an index is asked, where there is one. */
  readonly indexedFrom?: number;
  /** The same for the signs of vectors. */
  readonly signsFrom?: number;
}

/** Search in Postgres: words by GIN and `ts_rank`, vectors by an exact scan of the scope, in larger scopes by their signs or an index. */
export function createChunkSearch(deps: ChunkSearchDeps): ChunkSearch {
  const { database } = deps;
  return {
    terms: (actor, scope, words) => terms(database, actor, scope, words),
    candidates: (actor, query) => candidates(deps, actor, query),
    load: (actor, chunkIds) => loadChunks(database, actor, chunkIds),
    headings: (actor, scope, limit) => headings(database, actor, scope, limit),
  };
}
