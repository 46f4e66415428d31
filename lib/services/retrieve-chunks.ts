import type { Actor } from "../core/access/actor.ts";
import { isAppError } from "../core/errors/app-error.ts";
import { cleanText, nothingRemoved } from "../core/rag/clean-text.ts";
import { proposingTerms, rareTerms } from "../core/rag/bm25.ts";
import { vectorShareFor } from "../core/rag/embedder-languages.ts";
import { exactPhrases } from "../core/rag/exact-phrases.ts";
import type { Generations } from "../core/rag/corpus-state.ts";
import { withoutCommonWords } from "../core/rag/language.ts";
import { withoutNearDuplicates } from "../core/rag/near-duplicates.ts";
import {
  rankCandidates,
  retrievalSettings,
  type RankedCandidate,
  type RetrievalSettings,
} from "../core/rag/rank-candidates.ts";
import type { RankedPlace } from "../core/rag/ranked-place.ts";
import { askedWords } from "../core/rag/search-terms.ts";
import { milliseconds } from "../core/time/milliseconds.ts";
import type { LocalModels, ModelCall } from "../local-models.ts";
import type { Clock } from "../ports/clock.ts";
import type {
  Candidate,
  ChunkSearch,
  EmbeddingSpace,
  FoundChunk,
  QueryTerm,
  QueryTerms,
  RankedChunk,
} from "../ports/chunk-search.ts";

export interface RetrievalQuery {
  readonly text: string;
  /** The turn before, when this one does not stand alone. */
  readonly previousQuestion?: string;
  /** Documents that answered the turn before: of a follow-up they are preferred a little. */
  readonly previousDocumentIds?: readonly string[];
  /** Empty = every collection that the actor may read. */
  readonly collectionIds: readonly string[];
  readonly limit: number;
  /** Tried instead of the usual ones. */
  readonly settings?: RetrievalSettings;
  /** Only words as this text-search language stems them. */
  readonly language?: string;
  /** What the caller just read of the scope; without it, it is read when it is needed. */
  readonly generations?: Generations;
  /** Not from the cache. */
  readonly isFresh?: boolean;
  /** Words alone did not do: the search waits for its vector until the call's deadline. */
  readonly waitsForVector?: boolean;
  /** Of the text alone (`questionVector`), which may have been begun before: a search that waits for it or adds other words makes its own. */
  readonly vector?: () => Promise<QuestionVector | null>;
}

export interface Retrieval {
  /** Best first. */
  readonly chunks: readonly RankedChunk[];
  /** The question's own; `null` when no node could embed it. */
  readonly vector: readonly number[] | null;
  readonly lexicalOnly: boolean;
  /** The first 50 candidates and what became of them. */
  readonly ranking: readonly RankedPlace[];
  /** The words that were searched. */
  readonly terms: readonly QueryTerm[];
  /** The one state that the whole search saw; `null` or nothing when it moved on the way. */
  readonly state?: Generations | null;
  /** It was found before, in this same state. */
  readonly isKept?: boolean;
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

/** How many times more candidates words propose in a large scope, where `ts_rank` is a poorer guess. */
const largeScopeFactor = 2.5;
const largeScope = 50_000;
const rankingShown = 50;
/** How long a question waits for its vector before its words go alone. */
const longestEmbedMs = 3000;

export interface QuestionVector {
  readonly values: readonly number[];
  readonly space: EmbeddingSpace;
}

/** As documents are cleaned, or equal words would not meet. */
const cleaned = (question: string): string => cleanText(question, nothingRemoved());

/** The vector that a search for the question alone would use; `null` without a node. */
export const questionVector = (
  deps: Pick<RetrieveDeps, "models" | "clock">,
  question: string,
  call: ModelCall,
): Promise<QuestionVector | null> => embedQuestion(deps, cleaned(question.trim()), call, false);

/** Without a node the words alone have to do; a caller that left is no such case. */
async function embedQuestion(
  deps: Pick<RetrieveDeps, "models" | "clock">,
  text: string,
  call: ModelCall,
  waitsForNode: boolean,
): Promise<QuestionVector | null> {
  try {
    const soon = milliseconds(Math.min(call.deadline, deps.clock.now() + longestEmbedMs));
    const deadline = waitsForNode ? call.deadline : soon;
    const { vectors, space } = await deps.models.embed([text], { ...call, deadline, waitsForNode });
    const [values] = vectors;
    return values === undefined ? null : { values, space };
  } catch (error) {
    call.signal.throwIfAborted();
    if (isAppError(error) && !isAppError(error, "internal")) return null;
    throw error;
  }
}

const vectorFor = (
  deps: Pick<RetrieveDeps, "models" | "clock">,
  { vector, previousQuestion, waitsForVector = false }: RetrievalQuery,
  text: string,
  call: ModelCall,
): Promise<QuestionVector | null> =>
  vector === undefined || previousQuestion !== undefined || waitsForVector
    ? embedQuestion(deps, text, call, waitsForVector)
    : vector();

type Ranked = RankedCandidate<Candidate>;

/** The same passage from two copies of a document would take two places and say one thing. */
function withoutCopies(ranked: readonly Ranked[]): readonly Ranked[] {
  const seen = new Set<string>();
  return ranked.filter(({ candidate }) => {
    if (seen.has(candidate.contentHash)) return false;
    seen.add(candidate.contentHash);
    return true;
  });
}

interface Asked {
  readonly query: RetrievalQuery;
  readonly text: string;
  readonly known: QueryTerms;
  readonly vector: QuestionVector | null;
}

async function rankedCandidates(
  deps: RetrieveDeps,
  actor: Actor,
  { query, text, known, vector }: Asked,
): Promise<{ readonly ranked: readonly Ranked[]; readonly isOneState: boolean }> {
  const settings = query.settings ?? retrievalSettings;
  const isLarge = known.chunkCount > largeScope;
  const proposing = proposingTerms(known.terms, known);
  const { quoted, identifiers } = exactPhrases(text);
  const candidates = await deps.search.candidates(actor, {
    collectionIds: query.collectionIds,
    proposing,
    rare: known.chunkCount > settings.lexicalCandidates ? rareTerms(proposing) : [],
    counted: known.terms,
    phrases: [...quoted, ...identifiers],
    vector,
    scopeChunks: known.chunkCount,
    storedChunks: known.storedChunks,
    lexicalLimit: settings.lexicalCandidates * (isLarge ? largeScopeFactor : 1),
    vectorLimit: settings.vectorCandidates,
  });
  return {
    ranked: rankCandidates(
      candidates.found,
      {
        ...{ ...known, documentCount: candidates.documentCount, quoted, identifiers },
        previousDocumentIds: query.previousDocumentIds ?? [],
      },
      (languages) =>
        query.settings?.vectorShare ?? vectorShareFor(vector?.space.model ?? "", text, languages),
    ),
    isOneState: candidates.state === known.state,
  };
}

const inLanguage = (known: QueryTerms, language: string | undefined): QueryTerms =>
  language === undefined
    ? known
    : { ...known, terms: known.terms.filter((term) => term.language === language) };

/** Some more than asked for are loaded, so that near-duplicates can leave. */
const spareShare = 1.5;

async function searchOnce(deps: RetrieveDeps, actor: Actor, asked: Asked) {
  const { query, vector, known } = asked;
  const { ranked, isOneState } = await rankedCandidates(deps, actor, asked);
  const best = withoutCopies(ranked).slice(0, Math.ceil(query.limit * spareShare) + 2);
  const found = await deps.search.load(
    actor,
    best.map(({ candidate }) => candidate.chunkId),
  );
  const kept = withoutNearDuplicates(found.map((chunk) => chunk.text)).slice(0, query.limit);
  const byId = new Map(best.map((scored) => [scored.candidate.chunkId, scored]));
  const chunks = kept.flatMap((place): RankedChunk[] => {
    const chunk = found[place];
    const scored = byId.get(chunk?.chunkId ?? "");
    if (chunk === undefined || scored === undefined) return [];
    const { candidate, lexicalScore, score } = scored;
    return [{ ...chunk, lexicalScore, cosine: vector === null ? null : candidate.cosine, score }];
  });
  return {
    chunks,
    vanished: best.length - found.length,
    ranking: rankingOf(ranked, chunks, found),
    terms: known.terms,
    state: isOneState ? known.generations : null,
  };
}

/** Places of those with a score in that leg, by chunk. */
function placesBy(
  ranked: readonly Ranked[],
  scoreOf: (one: Ranked) => number | null,
): ReadonlyMap<string, number> {
  const scored = ranked.flatMap((one) => {
    const score = scoreOf(one);
    return score === null ? [] : [{ chunkId: one.candidate.chunkId, score }];
  });
  scored.sort((one, other) => other.score - one.score);
  return new Map(scored.map(({ chunkId }, index) => [chunkId, index + 1]));
}

function rankingOf(
  ranked: readonly Ranked[],
  shown: readonly RankedChunk[],
  loaded: readonly FoundChunk[],
): readonly RankedPlace[] {
  const byWords = placesBy(ranked, (one) => (one.lexicalScore > 0 ? one.lexicalScore : null));
  const byMeaning = placesBy(ranked, (one) => one.candidate.cosine);
  const shownIds = new Set(shown.map((chunk) => chunk.chunkId));
  const last = shown.at(-1)?.score ?? 0;
  const outcomeOf = ({ candidate, score }: Ranked): RankedPlace["outcome"] => {
    if (shownIds.has(candidate.chunkId)) return "shown";
    const isHere = loaded.some((chunk) => chunk.chunkId === candidate.chunkId);
    return score > last || (isHere && score === last) ? "copy" : "cut";
  };
  return ranked.slice(0, rankingShown).map((one) => ({
    chunkId: one.candidate.chunkId,
    lexicalRank: byWords.get(one.candidate.chunkId) ?? null,
    lexicalScore: one.lexicalScore,
    vectorRank: byMeaning.get(one.candidate.chunkId) ?? null,
    cosine: one.candidate.cosine,
    score: one.score,
    outcome: outcomeOf(one),
  }));
}

/**
 * Hybrid retrieval (DESIGN.md section 6): candidates of words, of vectors and of what is to be found word for word, exact scores
 * of both legs for all of them, fused. Every step sees only published chunks in collections that the actor may read.
 */
export function createRetrieveChunks(deps: RetrieveDeps): RetrieveChunks {
  return async (actor, query, call) => {
    const words = [query.previousQuestion ?? "", query.text].join("\n").trim();
    const text = cleaned(words);
    const scope = { collectionIds: query.collectionIds };
    // First what waits for a node: the database counts the words meanwhile.
    const [vector, known] = await Promise.all([
      vectorFor(deps, query, text, call),
      deps.search
        .terms(actor, scope, askedWords(withoutCommonWords(text)))
        .then((all) => inLanguage(all, query.language)),
    ]);
    call.signal.throwIfAborted();
    const asked = { query, text, known, vector };
    let found = await searchOnce(deps, actor, asked);
    // A document was replaced or removed between finding and loading: what is there now takes its place.
    if (found.vanished > 0) found = await searchOnce(deps, actor, asked);
    const { vanished, ...rest } = found;
    return {
      ...rest,
      // What vanished twice was there in no state.
      state: vanished > 0 ? null : found.state,
      vector: vector?.values ?? null,
      lexicalOnly: vector === null,
    };
  };
}
