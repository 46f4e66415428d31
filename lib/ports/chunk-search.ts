import type { Actor } from "../core/access/actor.ts";
import type { Generations } from "../core/rag/corpus-state.ts";
import type { AskedWords } from "../core/rag/search-terms.ts";
import type { CountedTerm } from "../core/rag/words-across-languages.ts";

export interface ScopedQuery {
  /** Empty = every collection the actor may read. Collections the actor may not read are left out in SQL. */
  readonly collectionIds: readonly string[];
}

export interface FoundChunk {
  readonly chunkId: string;
  readonly documentId: string;
  readonly versionId: string;
  readonly documentTitle: string;
  readonly collectionId: string;
  readonly collectionName: string;
  readonly ordinal: number;
  readonly headingPath: readonly string[];
  readonly page: number | null;
  readonly charStart: number;
  readonly charEnd: number;
  readonly text: string;
  readonly contentHash: string;
  /** When its version was published. */
  readonly publishedAt: Date;
  /** Why it looks like instructions to a model; empty for nearly all. */
  readonly flags: readonly string[];
  /** The chunks before and after it in its document; `null` at the ends. */
  readonly before: ChunkNeighbour | null;
  readonly after: ChunkNeighbour | null;
}

export interface ChunkNeighbour {
  readonly charStart: number;
  readonly charEnd: number;
  readonly text: string;
}

/** Candidates of both legs over published chunks that the actor may read; the adapter decides the shape in its own file. */
export interface RankedChunk extends FoundChunk {
  /** Exact BM25 (k1 1.2, b .75) of the chunk and, by half, of its document, >= 0. */
  readonly lexicalScore: number;
  /** Cosine of question and chunk, -1 to 1. `null` when no vector was asked with. */
  readonly cosine: number | null;
  /** Fused score, 0 to 1. */
  readonly score: number;
}

/** A word of the question, with the published chunks of the scope that hold it. */
export type QueryTerm = CountedTerm;

/** The question's words beside the statistics of the scope: all that BM25 needs to know in advance. */
export interface QueryTerms {
  readonly terms: readonly QueryTerm[];
  /** Published chunks of the scope. */
  readonly chunkCount: number;
  /** About how many chunks are stored in all, whoever may read them; 0 when nobody has counted yet. */
  readonly storedChunks: number;
  /** Mean length of a chunk in lexemes. */
  readonly averageLength: number;
  /** Of the scope as this statement saw it, and a short name of it. */
  readonly generations: Generations;
  readonly state: string;
}

/** What makes vectors comparable; never compared across spaces. */
export interface EmbeddingSpace {
  readonly model: string;
  readonly engine: string;
  readonly digest: string;
  readonly dimension: number;
}

export interface CandidateQuery extends ScopedQuery {
  /** Words that propose candidates. */
  readonly proposing: readonly QueryTerm[];
  /** Of these, words so rare that every chunk with one of them is a candidate. */
  readonly rare: readonly QueryTerm[];
  /** Words that are counted in every candidate. */
  readonly counted: readonly QueryTerm[];
  /** Strings to be found as they are written: chunks that hold one are candidates. */
  readonly phrases: readonly string[];
  /** L2-normalised question vector and its space; `null` = lexical leg alone. */
  readonly vector: { readonly values: readonly number[]; readonly space: EmbeddingSpace } | null;
  /** Published chunks of the scope: what a search through all of it costs. */
  readonly scopeChunks: number;
  /** As `QueryTerms.storedChunks`. */
  readonly storedChunks: number;
  readonly lexicalLimit: number;
  readonly vectorLimit: number;
}

/** A chunk that at least one leg found, with what both legs need to score it exactly. */
export interface Candidate {
  readonly chunkId: string;
  readonly contentHash: string;
  readonly documentId: string;
  /** All chunks of its document. */
  readonly documentChunks: number;
  /** Language of its document: only the question's terms of that language count. */
  readonly language: string;
  readonly lexemeCount: number;
  /** Occurrences by lexeme, those of the question only. */
  readonly frequencies: Readonly<Record<string, number>>;
  readonly cosine: number | null;
  /** Which of the query's phrases stand in its headings or text, whatever their case: places in `phrases`. */
  readonly phrases: readonly number[];
}

export interface Candidates {
  readonly found: readonly Candidate[];
  /** Documents of the scope. */
  readonly documentCount: number;
  /** As `QueryTerms.state`, of what this statement saw; `null` when it found nothing. */
  readonly state: string | null;
}

export interface FoundHeading {
  readonly documentId: string;
  readonly documentTitle: string;
  readonly heading: string;
}

/** Search over published chunks of documents that exist, in collections that the actor may read; all of it filtered in SQL. */
export interface ChunkSearch {
  terms(actor: Actor, scope: ScopedQuery, words: AskedWords): Promise<QueryTerms>;
  candidates(actor: Actor, query: CandidateQuery): Promise<Candidates>;
  /** In the order of `chunkIds`; what is no longer published or readable is left out. */
  load(actor: Actor, chunkIds: readonly string[]): Promise<readonly FoundChunk[]>;
  /** Innermost headings with the most text under them, those of the newest documents first. */
  headings(actor: Actor, scope: ScopedQuery, limit: number): Promise<readonly FoundHeading[]>;
}
