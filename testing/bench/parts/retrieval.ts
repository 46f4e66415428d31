import { createChunkSearch } from "#lib/adapters/database/chunk-search.ts";
import { type DatabaseConnection, openDatabase } from "#lib/adapters/database/connection.ts";
import { createSystemClock } from "#lib/adapters/system/clock.ts";
import { indexedFrom, keepVectorIndexes } from "#lib/adapters/database/vector-index.ts";
import { retrievalSettings } from "#lib/core/rag/rank-candidates.ts";
import { cosineOf } from "#lib/core/rag/cosine.ts";
import { milliseconds } from "#lib/core/time/milliseconds.ts";
import type { ModelCall } from "#lib/local-models.ts";
import { createRetrieveChunks, type RetrieveChunks } from "#lib/services/retrieve-chunks.ts";
import { quantile, type Figure } from "../figures.ts";
import {
  benchSpace,
  openBenchCorpus,
  questionsOf,
  type BenchCorpus,
  type OpenedCorpus,
} from "../retrieval-corpus.ts";

const scopedChunks = 2000;
const asked = 60;
/** Asked first and not counted: what a database that was just opened has not in memory yet. */
const warming = 10;
const depth = 20;
const vectorsAlone = { ...retrievalSettings, vectorShare: 1, lexicalCandidates: 0 };

type Retriever = (vector: readonly number[]) => RetrieveChunks;

const benchCall = (): ModelCall => ({
  class: "interactive",
  client: "bench",
  deadline: milliseconds(Number.MAX_SAFE_INTEGER),
  signal: new AbortController().signal,
});

const retrieverFrom =
  (
    { db }: DatabaseConnection,
    from: { readonly indexedFrom?: number; readonly signsFrom?: number } = {},
  ): Retriever =>
  (vector) =>
    createRetrieveChunks({
      search: createChunkSearch({ database: db, ...from }),
      clock: createSystemClock(),
      models: { embed: () => Promise.resolve({ vectors: [vector], space: benchSpace }) },
    });

const everyVector = (connection: DatabaseConnection): Retriever =>
  retrieverFrom(connection, { indexedFrom: Infinity, signsFrom: Infinity });

async function times(
  corpus: BenchCorpus,
  retrieve: Retriever,
  collectionIds: readonly string[],
  settings = retrievalSettings,
): Promise<readonly number[]> {
  const question = questionsOf(corpus, 7);
  const ms: number[] = [];
  for (let turn = 0; turn < asked + warming; turn += 1) {
    const { text, vector } = question();
    const query = { text, collectionIds, limit: 8, settings };
    const startedAt = performance.now();
    await retrieve(vector)(corpus.actor, query, benchCall());
    ms.push(performance.now() - startedAt);
  }
  return ms.slice(warming);
}

/** Share of the nearest chunks, by comparing every stored vector here, that a search by vectors alone finds. */
async function recallInScope(
  { pool }: DatabaseConnection,
  corpus: BenchCorpus,
  retrieve: Retriever,
  collectionId: string,
): Promise<number> {
  const { rows } = await pool.query<{ id: string; embedding: string }>(
    "select chunk_id as id, embedding::text from chunk_embeddings where collection_id = $1",
    [collectionId],
  );
  const stored = rows.map(({ id, embedding }) => ({
    id,
    values: JSON.parse(embedding) as number[],
  }));
  const question = questionsOf(corpus, 11);
  let found = 0;
  for (let turn = 0; turn < asked; turn += 1) {
    const { text, vector } = question();
    const query = { text, collectionIds: [collectionId], limit: depth, settings: vectorsAlone };
    const { chunks } = await retrieve(vector)(corpus.actor, query, benchCall());
    const best = stored
      .map(({ id, values }) => ({ id, cosine: cosineOf(vector, values) }))
      .toSorted((one, other) => other.cosine - one.cosine)
      .slice(0, depth);
    const ids = new Set(chunks.map(({ chunkId }) => chunkId));
    found += best.filter(({ id }) => ids.has(id)).length / depth;
  }
  return found / asked;
}

/** Share of what comparing every vector finds that another way finds too. */
async function recallAgainst(
  exact: Retriever,
  corpus: BenchCorpus,
  other: Retriever,
  collectionIds: readonly string[],
): Promise<number> {
  const question = questionsOf(corpus, 13);
  let found = 0;
  for (let turn = 0; turn < asked / 3; turn += 1) {
    const { text, vector } = question();
    const query = { text, collectionIds, limit: depth, settings: vectorsAlone };
    const best = await exact(vector)(corpus.actor, query, benchCall());
    const { chunks } = await other(vector)(corpus.actor, query, benchCall());
    const ids = new Set(chunks.map(({ chunkId }) => chunkId));
    found += best.chunks.filter(({ chunkId }) => ids.has(chunkId)).length / best.chunks.length;
  }
  return found / (asked / 3);
}

/** Where the index pays: both ways for the whole corpus and for each part of it, vectors alone. */
async function indexAgainstExact(
  connection: DatabaseConnection,
  corpus: BenchCorpus,
  against: string,
): Promise<readonly Figure[]> {
  await keepVectorIndexes(connection.db, 1);
  const [byIndex, exact] = [retrieverFrom(connection, { indexedFrom: 0 }), everyVector(connection)];
  const whole = corpus.scopes.reduce((sum, { chunks }) => sum + chunks, 0);
  const scopes = [
    ...corpus.scopes.map(({ id, chunks }) => ({ ids: [id], chunks })),
    { ids: [], chunks: whole },
  ];
  const figures: Figure[] = [];
  for (const { ids, chunks } of scopes) {
    const name = `vectors of ${chunks.toLocaleString("en")}`;
    const figure = (what: string, value: number, unit: string): Figure => ({
      ...{ part: "retrieval", name: `${name}, ${what}`, value, unit, goal: null, against },
      better: unit === "" ? "higher" : "lower",
    });
    const slow = await times(corpus, exact, ids, vectorsAlone);
    const quick = await times(corpus, byIndex, ids, vectorsAlone);
    figures.push(
      figure("every one, p50", quantile(slow, 0.5), "ms"),
      figure("by the index, p50", quantile(quick, 0.5), "ms"),
      figure("by the index, p95", quantile(quick, 0.95), "ms"),
      figure("recall@20", await recallAgainst(exact, corpus, byIndex, ids), ""),
    );
  }
  return figures;
}

async function searches(
  connection: DatabaseConnection,
  corpus: BenchCorpus,
  against: string,
): Promise<readonly Figure[]> {
  const [scope] = corpus.scopes;
  const retrieve = retrieverFrom(connection);
  const scoped = await times(corpus, retrieve, [scope?.id ?? ""]);
  const whole = await times(corpus, retrieve, []);
  const recall = await recallInScope(connection, corpus, retrieve, scope?.id ?? "");
  const recallOfWhole = await recallAgainst(everyVector(connection), corpus, retrieve, []);
  const part = "retrieval";
  const figure = (name: string, value: number, goal: number | null): Figure => ({
    ...{ part, name, value, goal, unit: "ms", better: "lower", against },
  });
  return [
    figure("scope of 2,000, p50", quantile(scoped, 0.5), null),
    figure("scope of 2,000, p95", quantile(scoped, 0.95), 30),
    figure("whole corpus, p50", quantile(whole, 0.5), null),
    figure("whole corpus, p95", quantile(whole, 0.95), 250),
    {
      ...{ part, name: "scope of 2,000, recall@20 of vectors", value: recall, goal: 1 },
      ...{ unit: "", better: "higher", against: "every vector compared outside the database" },
    },
    {
      ...{ part, name: "whole corpus, recall@20 of vectors", value: recallOfWhole, goal: null },
      ...{ unit: "", better: "higher", against: "every vector compared" },
    },
  ];
}

/** On Postgres the rest is several collections, so that the index is asked for parts of the corpus too. */
const sizesOf = (chunks: number, engine: OpenedCorpus["engine"]): readonly number[] => {
  const rest = chunks - scopedChunks;
  if (engine === "pglite" || chunks < indexedFrom) return [scopedChunks, rest];
  const parts = [0.1, 0.2, 0.3].map((share) => Math.round((rest * share) / 1000) * 1000);
  return [scopedChunks, ...parts, rest - parts.reduce((sum, part) => sum + part, 0)];
};

/**
 * Search in the embedded database, or with `TEST_DATABASE=postgres` in Postgres, over invented chunks; embedding the question is left
 * out. `--chunks N` sets the size: 100,000 are what the goals are about, and take some minutes to fill the first time. On Postgres,
 * from the size on that has an index, it and comparing every vector are measured beside each other.
 */
export async function benchRetrieval(options: {
  readonly chunks?: string | undefined;
}): Promise<readonly Figure[]> {
  const chunkCount = Math.max(scopedChunks * 2, Number(options.chunks ?? "20000"));
  const engine = process.env["TEST_DATABASE"] === "postgres" ? "postgres" : "pglite";
  const opened = await openBenchCorpus(sizesOf(chunkCount, engine));
  const connection = await openDatabase({ url: opened.url, maxConnections: 4 });
  try {
    const against = `${opened.engine}, ${chunkCount.toLocaleString("en")} chunks`;
    const isIndexed = opened.engine === "postgres" && chunkCount >= indexedFrom;
    const compared = isIndexed ? await indexAgainstExact(connection, opened.corpus, against) : [];
    return [...(await searches(connection, opened.corpus, against)), ...compared];
  } finally {
    await connection.close();
    await opened.close();
  }
}
