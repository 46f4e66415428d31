import { sql, type SQL } from "drizzle-orm";
import type { CandidateQuery } from "../../ports/chunk-search.ts";
import { inAskedCollections, isPublished } from "./search-scope.ts";
import { texts } from "./sql-database.ts";

const quoted = (lexeme: string): string =>
  `'${lexeme.replaceAll("\\", "\\\\").replaceAll("'", "''")}'`;

/** A scope of fewer than one in so many chunks is read chunk by chunk: the index of words knows no scopes. */
const smallPart = 50;

/**
 * Asked of the index of words, which first lists every chunk of everybody's that holds one of them (for 2,000 of 1,000,000 chunks
 * 250,000: 107 of 133 ms), or of each chunk of a scope that is a small part of all: `is true` keeps the planner from the index.
 */
function holds(query: CandidateQuery, words: SQL): SQL {
  const isSmallPart =
    query.collectionIds.length > 0 && query.scopeChunks * smallPart < query.storedChunks;
  const match = sql`k.search_vector @@ ${words}`;
  return isSmallPart ? sql`(${match}) is true` : match;
}

/** One OR query a language: chunks are matched with the words as their own language stems them. */
export function lexicalCandidates(query: CandidateQuery): SQL {
  const languages = [...new Set(query.proposing.map((term) => term.language))];
  if (languages.length === 0) return sql`select null::uuid as id where false`;
  const branches = languages.map((language) => {
    const words = query.proposing.filter((term) => term.language === language);
    const any = words.map((term) => quoted(term.lexeme)).join(" | ");
    return sql`select k.id, ts_rank(k.search_vector, ${any}::tsquery, 1) as rank from chunks k
      where ${holds(query, sql`${any}::tsquery`)}
        and ${inAskedCollections(sql`k.collection_id`, query)}
        and ${isPublished(sql`k.version_id`, sql`where language = ${language}`)}`;
  });
  return sql`select id from (${sql.join(branches, sql` union all `)}) ranked
    order by rank desc, id limit ${query.lexicalLimit}`;
}

const mostExact = 100;

/** Chunks that `ts_rank`, which knows no rarity, may leave out: those with a rare word or a phrase of the question. */
export function exactCandidates(query: CandidateQuery): SQL {
  const scoped = sql`${inAskedCollections(sql`k.collection_id`, query)}`;
  const branches = [...new Set(query.counted.map((term) => term.language))].flatMap((language) => {
    const visible = isPublished(sql`k.version_id`, sql`where language = ${language}`);
    const rare = query.rare.filter((term) => term.language === language);
    const any = rare.map((term) => quoted(term.lexeme)).join(" | ");
    const matches = query.phrases.map((phrase) =>
      holds(query, sql`phraseto_tsquery(${language}::regconfig, ${phrase})`),
    );
    if (rare.length > 0) matches.push(holds(query, sql`${any}::tsquery`));
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
export const onlyOf = (vector: SQL, lexemes: SQL): SQL =>
  sql`ts_filter(setweight(${vector}, 'A', ${lexemes}), '{a}')`;

/** How often each lexeme stands in what Postgres writes of a vector: `'it''s':1A,7A 'plain':3A`. */
export const frequenciesOf = (vector: string): Readonly<Record<string, number>> =>
  Object.fromEntries(
    [...vector.matchAll(/'((?:[^'\\]|''|\\\\)*)':([\dA,]+)/g)].map(
      ([, lexeme = "", places = ""]) => [
        lexeme.replaceAll("''", "'").replaceAll("\\\\", "\\"),
        places.split(",").length,
      ],
    ),
  );

/** Places of the phrases that the chunk holds as they are written. */
export const phrasePlaces = (phrases: readonly string[]): SQL =>
  phrases.length === 0
    ? sql`'{}'::integer[]`
    : sql`array(select place::integer - 1 from unnest(${texts(phrases)}) with ordinality p(phrase, place)
        where strpos(lower(regexp_replace(array_to_string(k.heading_path, ' ') || ' ' || k.text, '\\s+', ' ', 'g')),
          lower(phrase)) > 0)`;
