import { createChunkSearch } from "#lib/adapters/database/chunk-search.ts";
import { openDatabase } from "#lib/adapters/database/connection.ts";
import { createCorpusLoader } from "#lib/adapters/database/corpus-loader.ts";
import { createSystemClock } from "#lib/adapters/system/clock.ts";
import { indexedFrom, keepVectorIndexes } from "#lib/adapters/database/vector-index.ts";
import type { Actor } from "#lib/core/access/actor.ts";
import { retrievalSettings } from "#lib/core/rag/rank-candidates.ts";
import { cosineOf } from "#lib/core/rag/cosine.ts";
import { milliseconds } from "#lib/core/time/milliseconds.ts";
import type { ModelCall } from "#lib/local-models.ts";
import { createRetrieveChunks, type RetrieveChunks } from "#lib/services/retrieve-chunks.ts";
import { startTestDatabase } from "#testing/services/test-database.ts";
import { inventedWord, seededRandom } from "../corpus.ts";
import { quantile, type Figure } from "../figures.ts";

const dimension = 384;
const scopedChunks = 2000;
const chunksPerDocument = 50;
const documentsPerBatch = 20;
const wordsPerChunk = 95;
const vocabularySize = 20_000;
const asked = 60;
const depth = 20;
const space = { model: "bench", engine: "bench", digest: "1", dimension };

type Random = () => number;

/** Clustered, as real embeddings are. */
function clusteredVector(random: Random, centres: readonly (readonly number[])[]): number[] {
  const centre = centres[Math.floor(random() * centres.length)] ?? [];
  const vector = Array.from(centre, (value) => value + (random() - 0.5) * 0.12);
  const length = Math.hypot(...vector) || 1;
  return vector.map((value) => value / length);
}

const unit = (random: Random): number[] => {
  const vector = Array.from({ length: dimension }, () => random() - 0.5);
  const length = Math.hypot(...vector);
  return vector.map((value) => value / length);
};

const wordOf = (random: Random): string => inventedWord(Math.floor(vocabularySize ** random()) - 1);

function inventedText(random: Random): string {
  return Array.from({ length: wordsPerChunk }, () => wordOf(random)).join(" ");
}

interface Filled {
  readonly actor: Actor;
  readonly scopeId: string;
  readonly scopeVectors: ReadonlyMap<string, readonly number[]>;
  readonly question: () => { readonly text: string; readonly vector: readonly number[] };
}

/** One workspace of two collections: the scope, and the rest. */
async function fill(url: string, chunkCount: number): Promise<Filled> {
  const connection = await openDatabase({ url, maxConnections: 2 });
  const loader = createCorpusLoader({ database: connection.db });
  const random = seededRandom(20_261_126);
  const centres = Array.from({ length: 200 }, () => unit(random));
  const rest = await loader.open();
  const scope = await loader.open();
  const scopeVectors = new Map<string, readonly number[]>();
  const isLarge = chunkCount >= indexedFrom;
  // Filling a table beside its index of words takes several times as long as making the index afterwards.
  if (isLarge) await connection.pool.query("drop index chunks_search_idx");
  for (const [collectionId, count] of [
    [scope.collectionId, scopedChunks],
    [rest.collectionId, chunkCount - scopedChunks],
  ] as const) {
    for (let from = 0; from < count; from += documentsPerBatch * chunksPerDocument) {
      const documents = Array.from({ length: documentsPerBatch }, (_, at) => ({
        fileName: String(from + at),
        title: "",
        text: "",
        language: "english",
        chunks: Array.from({ length: chunksPerDocument }, (__, ordinal) => {
          const text = inventedText(random);
          const vector = clusteredVector(random, centres);
          if (collectionId === scope.collectionId) scopeVectors.set(text, vector);
          return {
            ...{ ordinal, headingPath: [], page: null, charStart: 0, charEnd: text.length },
            ...{ text, searchText: text, vector },
          };
        }),
      }));
      await loader.add(collectionId, documents, space);
    }
    await loader.finish(collectionId);
  }
  if (isLarge) {
    await connection.pool.query(
      "create index chunks_search_idx on chunks using gin (search_vector)",
    );
    if (connection.engine === "postgres") await keepVectorIndexes(connection.db);
  }
  await connection.pool.query("update collections set workspace_id = $1", [rest.workspaceId]);
  await connection.close();
  const actor = { userId: rest.userId, workspaceId: rest.workspaceId, role: "admin" } as const;
  const question = () => ({
    text: Array.from({ length: 7 }, () => wordOf(random)).join(" "),
    vector: clusteredVector(random, centres),
  });
  return { actor, scopeId: scope.collectionId, scopeVectors, question };
}

const benchCall = (): ModelCall => ({
  class: "interactive",
  client: "bench",
  deadline: milliseconds(Number.MAX_SAFE_INTEGER),
  signal: new AbortController().signal,
});

async function times(
  filled: Filled,
  retrieve: (vector: readonly number[]) => RetrieveChunks,
  collectionIds: readonly string[],
): Promise<{ readonly ms: readonly number[]; readonly recall: number }> {
  const ms: number[] = [];
  let found = 0;
  for (let turn = 0; turn < asked; turn += 1) {
    const { text, vector } = filled.question();
    const query = { text, collectionIds, limit: 8 };
    const call = benchCall();
    const startedAt = performance.now();
    await retrieve(vector)(filled.actor, query, call);
    ms.push(performance.now() - startedAt);
    if (collectionIds.length === 0) continue;
    const settings = { ...retrievalSettings, vectorShare: 1, lexicalCandidates: 0 };
    const near = { ...query, limit: depth, settings };
    const { chunks } = await retrieve(vector)(filled.actor, near, call);
    const best = [...filled.scopeVectors]
      .map(([chunk, values]) => ({ chunk, cosine: cosineOf(vector, values) }))
      .toSorted((one, other) => other.cosine - one.cosine)
      .slice(0, depth)
      .map(({ chunk }) => chunk);
    const texts = new Set(chunks.map((chunk) => chunk.text));
    found += best.filter((chunk) => texts.has(chunk)).length / depth;
  }
  return { ms: ms.slice(asked / 6), recall: found / asked };
}

/** Share of the nearest by comparing every vector that the search in force finds too, in the whole corpus. */
async function recallOfWhole(
  filled: Filled,
  retrieve: (vector: readonly number[]) => RetrieveChunks,
  exact: (vector: readonly number[]) => RetrieveChunks,
): Promise<number> {
  const settings = { ...retrievalSettings, vectorShare: 1, lexicalCandidates: 0 };
  let found = 0;
  for (let turn = 0; turn < asked / 3; turn += 1) {
    const { text, vector } = filled.question();
    const query = { text, collectionIds: [], limit: depth, settings };
    const best = await exact(vector)(filled.actor, query, benchCall());
    const { chunks } = await retrieve(vector)(filled.actor, query, benchCall());
    const ids = new Set(chunks.map(({ chunkId }) => chunkId));
    found += best.chunks.filter(({ chunkId }) => ids.has(chunkId)).length / best.chunks.length;
  }
  return found / (asked / 3);
}

/**
 * Search in the embedded database, or with `TEST_DATABASE=postgres` in Postgres, over invented chunks; embedding the question is left
 * out. `--chunks N` sets the size: 100,000 are what the goals are about, and take some minutes to fill; 1,000,000 take
 * half an hour in Postgres, most of it for the index.
 */
export async function benchRetrieval(options: {
  readonly chunks?: string | undefined;
}): Promise<readonly Figure[]> {
  const chunkCount = Math.max(scopedChunks * 2, Number(options.chunks ?? "20000"));
  const database = await startTestDatabase();
  try {
    const filled = await fill(database.url, chunkCount);
    const connection = await openDatabase({ url: database.url, maxConnections: 4 });
    const clock = createSystemClock();
    const retrieveFrom =
      (from: number) =>
      (vector: readonly number[]): RetrieveChunks =>
        createRetrieveChunks({
          search: createChunkSearch({ database: connection.db, indexedFrom: from }),
          clock,
          models: { embed: () => Promise.resolve({ vectors: [vector], space }) },
        });
    const retrieve = retrieveFrom(indexedFrom);
    const scoped = await times(filled, retrieve, [filled.scopeId]);
    const whole = await times(filled, retrieve, []);
    const isIndexed = database.engine === "postgres" && chunkCount >= indexedFrom;
    const recall = isIndexed
      ? await recallOfWhole(filled, retrieve, retrieveFrom(Number.POSITIVE_INFINITY))
      : 1;
    await connection.close();
    const against = `${database.engine}, ${String(chunkCount)} chunks`;
    const part = "retrieval";
    const figure = (name: string, value: number, goal: number | null): Figure => ({
      ...{ part, name, value, goal, unit: "ms", better: "lower", against },
    });
    return [
      figure("scope of 2,000, p50", quantile(scoped.ms, 0.5), null),
      figure("scope of 2,000, p95", quantile(scoped.ms, 0.95), 30),
      figure("whole corpus, p50", quantile(whole.ms, 0.5), null),
      figure("whole corpus, p95", quantile(whole.ms, 0.95), 250),
      {
        ...{ part, name: "scope of 2,000, recall@20 of vectors", value: scoped.recall, goal: 1 },
        ...{ unit: "", better: "higher", against: "every vector compared" },
      },
      {
        ...{ part, name: "whole corpus, recall@20 of vectors", value: recall, goal: null },
        ...{ unit: "", better: "higher" },
        against: isIndexed ? "every vector compared" : "by definition: every vector is compared",
      },
    ];
  } finally {
    await database.close();
  }
}
