import type { Actor } from "../core/access/actor.ts";
import { isAppError } from "../core/errors/app-error.ts";
import { cleanText, nothingRemoved } from "../core/rag/clean-text.ts";
import { bm25, proposingTerms } from "../core/rag/bm25.ts";
import { fuse } from "../core/rag/fusion.ts";
import { searchText } from "../core/rag/search-terms.ts";
import { milliseconds } from "../core/time/milliseconds.ts";
import type { LocalModels, ModelCall } from "../local-models.ts";
import type { Clock } from "../ports/clock.ts";
import type {
  Candidate,
  CandidateQuery,
  ChunkSearch,
  EmbeddingSpace,
  QueryTerms,
  RankedChunk,
} from "../ports/chunk-search.ts";

export interface RetrievalQuery {
  readonly text: string;
  /** The turn before, when this one does not stand alone. */
  readonly previousQuestion?: string;
  /** Empty = every collection that the actor may read. */
  readonly collectionIds: readonly string[];
  readonly limit: number;
}

export interface Retrieval {
  /** Best first. */
  readonly chunks: readonly RankedChunk[];
  /** The question's own; `null` when no node could embed it. */
  readonly vector: readonly number[] | null;
  readonly lexicalOnly: boolean;
}

export interface RetrieveDeps {
  readonly search: ChunkSearch;
  readonly models: Pick<LocalModels, "embed">;
  readonly clock: Clock;
}

export type RetrieveChunks = (
  actor: Actor,
  query: RetrievalQuery,
  call: ModelCall,
) => Promise<Retrieval>;

const lexicalLimit = 200;
const lexicalLimitOfLargeScopes = 500;
const largeScope = 50_000;
const vectorLimit = 100;
/** How long a question waits for its vector before its words go alone. */
const longestEmbedMs = 3000;

interface QuestionVector {
  readonly values: readonly number[];
  readonly space: EmbeddingSpace;
}

/** Without a node the words alone have to do; a caller that left is no such case. */
async function embedQuestion(
  deps: RetrieveDeps,
  text: string,
  call: ModelCall,
): Promise<QuestionVector | null> {
  try {
    const soon = deps.clock.now() + longestEmbedMs;
    const deadline = milliseconds(Math.min(call.deadline, soon));
    const { vectors, space } = await deps.models.embed([text], { ...call, deadline });
    const [values] = vectors;
    return values === undefined ? null : { values, space };
  } catch (error) {
    call.signal.throwIfAborted();
    if (isAppError(error) && !isAppError(error, "internal")) return null;
    throw error;
  }
}

interface Scored {
  readonly candidate: Candidate;
  readonly lexicalScore: number;
  readonly score: number;
}

function rank(candidates: readonly Candidate[], known: QueryTerms): readonly Scored[] {
  const lexical = candidates.map((candidate) =>
    bm25(
      known.terms.filter((term) => term.language === candidate.language),
      known,
      { length: candidate.lexemeCount, frequencies: candidate.frequencies },
    ),
  );
  const fused = fuse(
    candidates.map(({ cosine }, index) => ({ lexical: lexical[index] ?? 0, cosine })),
  );
  return candidates
    .map((candidate, index) => ({
      candidate,
      lexicalScore: lexical[index] ?? 0,
      score: fused[index] ?? 0,
    }))
    .sort((one, other) => other.score - one.score || compareIds(one.candidate, other.candidate));
}

const compareIds = (one: Candidate, other: Candidate): number =>
  one.chunkId < other.chunkId ? -1 : 1;

/** The same passage from two copies of a document would take two places and say one thing. */
function withoutCopies(ranked: readonly Scored[]): readonly Scored[] {
  const seen = new Set<string>();
  return ranked.filter(({ candidate }) => {
    if (seen.has(candidate.contentHash)) return false;
    seen.add(candidate.contentHash);
    return true;
  });
}

async function searchOnce(
  deps: RetrieveDeps,
  actor: Actor,
  query: RetrievalQuery,
  known: QueryTerms,
  vector: QuestionVector | null,
) {
  const limit = known.chunkCount > largeScope ? lexicalLimitOfLargeScopes : lexicalLimit;
  const asked: CandidateQuery = {
    collectionIds: query.collectionIds,
    proposing: proposingTerms(known.terms, known),
    counted: known.terms,
    vector,
    lexicalLimit: limit,
    vectorLimit,
  };
  const ranked = rank(await deps.search.candidates(actor, asked), known);
  const best = withoutCopies(ranked).slice(0, query.limit);
  const found = await deps.search.load(
    actor,
    best.map(({ candidate }) => candidate.chunkId),
  );
  const byId = new Map(best.map((scored) => [scored.candidate.chunkId, scored]));
  const chunks = found.flatMap((chunk): RankedChunk[] => {
    const scored = byId.get(chunk.chunkId);
    if (scored === undefined) return [];
    const { candidate, lexicalScore, score } = scored;
    return [{ ...chunk, lexicalScore, cosine: vector === null ? null : candidate.cosine, score }];
  });
  return { chunks, vanished: best.length - found.length };
}

/**
 * Hybrid retrieval (DESIGN.md section 6): candidates of words and of vectors, exact scores of both for all of them, fused.
 * Every step sees only published chunks in collections that the actor may read.
 */
export function createRetrieveChunks(deps: RetrieveDeps): RetrieveChunks {
  return async (actor, query, call) => {
    const words = [query.previousQuestion ?? "", query.text].join("\n").trim();
    // As documents are cleaned, or equal words would not meet.
    const text = cleanText(words, nothingRemoved());
    const scope = { collectionIds: query.collectionIds };
    const [known, vector] = await Promise.all([
      deps.search.terms(actor, scope, searchText(text)),
      embedQuestion(deps, text, call),
    ]);
    call.signal.throwIfAborted();
    let found = await searchOnce(deps, actor, query, known, vector);
    // A document was replaced or removed between finding and loading: what is there now takes its place.
    if (found.vanished > 0) found = await searchOnce(deps, actor, query, known, vector);
    return {
      chunks: found.chunks,
      vector: vector?.values ?? null,
      lexicalOnly: vector === null,
    };
  };
}
