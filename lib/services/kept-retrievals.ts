import type { Actor } from "../core/access/actor.ts";
import { packedVector, unpackedVector } from "../core/cache/packed-vector.ts";
import { sameState, stateText, type Generations } from "../core/rag/corpus-state.ts";
import { retrievalSettings } from "../core/rag/rank-candidates.ts";
import type { RankedPlace } from "../core/rag/ranked-place.ts";
import type { AnswerCacheStore } from "../ports/answer-cache-store.ts";
import type { ChunkSearch, QueryTerm } from "../ports/chunk-search.ts";
import { createOneFlight } from "./one-flight.ts";
import type { RetrievalQuery, Retrieval, RetrieveChunks } from "./retrieve-chunks.ts";
import type { TieredCache } from "./tiered-cache.ts";

export interface KeptRetrievalsDeps {
  readonly retrieve: RetrieveChunks;
  readonly search: Pick<ChunkSearch, "load">;
  readonly answers: Pick<AnswerCacheStore, "generations">;
  readonly cache: TieredCache;
  /** Changes with everything that a search is made by, but the database's part. */
  readonly searchVersion: string;
  /** Weights and engine behind the vectors. */
  readonly embedder: () => string;
}

/** What is kept: places and scores. The chunks themselves are read anew, through the asker's own rights. */
interface KeptRetrieval {
  readonly places: readonly {
    readonly chunkId: string;
    readonly lexicalScore: number;
    readonly cosine: number | null;
    readonly score: number;
  }[];
  readonly vector: readonly number[];
  readonly ranking: readonly RankedPlace[];
  readonly terms: readonly QueryTerm[];
}

/** What a rehearsal cannot see (services/rehearse-answers.ts): raise it when the database searches in another way, or more is kept. */
const layout = 1;

/**
 * The same search, done once for each question in each state of what the asker may read. The key holds the generations of exactly
 * those collections, so another state and another scope are another key; equal searches at the same time are one.
 */
export function withKeptRetrievals(deps: KeptRetrievalsDeps): RetrieveChunks {
  const flights = createOneFlight<Retrieval>();
  return async (actor, query, call) => {
    if (query.isFresh === true) return deps.retrieve(actor, query, call);
    const { collectionIds } = query;
    const seen = query.generations ?? (await deps.answers.generations(actor, collectionIds));
    const about = aboutOf(deps, actor, query, seen);
    const [bytes] = await deps.cache.read("retrieval", [about]);
    call.signal.throwIfAborted();
    const kept = bytes == null ? null : await loaded(deps, actor, query, bytes);
    if (kept !== null) return { ...kept, state: seen };
    const flight = `${call.class} ${about}`;
    const own = { began: false };
    const search = (signal: AbortSignal): Promise<Retrieval> => {
      own.began = true;
      return deps.retrieve(actor, query, { ...call, signal });
    };
    const found = await flights.join(flight, search, call.signal).catch((error: unknown) => {
      call.signal.throwIfAborted();
      if (own.began) throw error;
      return null;
    });
    // What somebody else's search failed of may not be wrong with this one.
    if (found === null) return deps.retrieve(actor, query, call);
    const isOfThisState = found.state != null && sameState(found.state, seen);
    // Somebody else's search counts only for the state that this asker saw.
    if (!own.began && !isOfThisState) return deps.retrieve(actor, query, call);
    if (own.began && isOfThisState && found.vector !== null)
      deps.cache.write("retrieval", [{ about, value: packed(found, found.vector) }]);
    return found;
  };
}

const aboutOf = (
  { embedder, searchVersion }: KeptRetrievalsDeps,
  actor: Actor,
  query: RetrievalQuery,
  seen: Generations,
): string =>
  JSON.stringify([
    layout,
    searchVersion,
    actor.workspaceId,
    [...new Set(query.collectionIds)].sort(),
    stateText(seen),
    embedder(),
    query.text,
    query.previousQuestion ?? null,
    [...(query.previousDocumentIds ?? [])].sort(),
    query.limit,
    query.settings ?? retrievalSettings,
    query.language ?? null,
  ]);

/** Four bytes with the length of the vector, the vector, and the rest as JSON. */
function packed(found: Retrieval, vector: readonly number[]): Uint8Array {
  const { chunks, ranking, terms } = found;
  const places = chunks.map(({ chunkId, lexicalScore, cosine, score }) => ({
    ...{ chunkId, lexicalScore, cosine, score },
  }));
  const values = packedVector(vector);
  const rest = new TextEncoder().encode(JSON.stringify({ places, ranking, terms }));
  const bytes = new Uint8Array(4 + values.length + rest.length);
  new DataView(bytes.buffer).setUint32(0, values.length, true);
  bytes.set(values, 4);
  bytes.set(rest, 4 + values.length);
  return bytes;
}

/** `null` for what `packed` did not make. */
function unpacked(bytes: Uint8Array): KeptRetrieval | null {
  if (bytes.length < 4) return null;
  const view = new DataView(bytes.buffer, bytes.byteOffset, bytes.byteLength);
  const end = 4 + view.getUint32(0, true);
  const vector = unpackedVector(bytes.subarray(4, Math.min(end, bytes.length)));
  if (vector === null) return null;
  try {
    const rest = JSON.parse(new TextDecoder().decode(bytes.subarray(end))) as unknown;
    return isRest(rest) ? { vector, ...rest } : null;
  } catch {
    return null;
  }
}

const isRest = (value: unknown): value is Omit<KeptRetrieval, "vector"> =>
  typeof value === "object" &&
  value !== null &&
  ["places", "ranking", "terms"].every((field) => Array.isArray(Reflect.get(value, field)));

/** `null` when a chunk is no longer there for this asker, or what was kept is not readable. */
async function loaded(
  { search }: KeptRetrievalsDeps,
  actor: Actor,
  { limit }: RetrievalQuery,
  bytes: Uint8Array,
): Promise<Retrieval | null> {
  const kept = unpacked(bytes);
  if (kept === null || kept.places.length > limit) return null;
  const ids = kept.places.map(({ chunkId }) => chunkId);
  const found = await search.load(actor, ids);
  if (found.length !== ids.length) return null;
  const chunks = kept.places.flatMap((place, index) => {
    const chunk = found[index];
    return chunk?.chunkId === place.chunkId ? [{ ...chunk, ...place }] : [];
  });
  if (chunks.length !== ids.length) return null;
  const { vector, ranking, terms } = kept;
  return { chunks, vector, ranking, terms, lexicalOnly: false, isKept: true };
}
