import { existsSync } from "node:fs";
import { mkdir, readFile, rename, rm, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { type DatabaseConnection, openDatabase } from "#lib/adapters/database/connection.ts";
import { createCorpusLoader } from "#lib/adapters/database/corpus-loader.ts";
import type { Actor } from "#lib/core/access/actor.ts";
import type { CorpusLoader } from "#lib/ports/corpus-loader.ts";
import {
  fillDataFolder,
  startEmbeddedDatabase,
  startOnPostgres,
  testEngine,
} from "#testing/services/test-database.ts";
import { inventedWord, seededRandom } from "./corpus.ts";

export const benchSpace = { model: "bench", engine: "bench", digest: "1", dimension: 384 };

const chunksPerDocument = 50;
const documentsPerBatch = 20;
const wordsPerChunk = 95;
const vocabularySize = 20_000;
/** Of a chunk's words, those that the stemming configuration leaves out or that every text holds. */
const commonRanks = 40;

type Random = () => number;

const gaussian = (random: Random): number => 2 * (random() + random() + random() - 1.5);

// Measured on 17,000 vectors of all-minilm over the measuring data: participation ratio 120 of 384 dimensions, cosine of two chunks
// of one document .42 in the median, of any two .01, |mean|² .02. These three numbers make the same.
const falling = 0.68;
const documentShare = 0.45;
const meanShare = 0.02;
const spread = Array.from({ length: benchSpace.dimension }, (_, at) => (at + 1) ** (-falling / 2));
const spreadLength = Math.hypot(...spread);
const deviations = spread.map((value) => (value / spreadLength) * Math.sqrt(1 - meanShare));

/** Where a document lies; its chunks lie around it. */
const subject = (random: Random): number[] => deviations.map((each) => each * gaussian(random));

function vectorNear(random: Random, centre: readonly number[]): number[] {
  const own = Math.sqrt(1 - documentShare);
  const vector = deviations.map(
    (each, at) =>
      Math.sqrt(documentShare) * (centre[at] ?? 0) +
      own * each * gaussian(random) +
      Math.sqrt(meanShare / benchSpace.dimension),
  );
  const length = Math.hypot(...vector) || 1;
  return vector.map((value) => value / length);
}

const wordOf = (random: Random, from = 1): string =>
  inventedWord(Math.floor(from * (vocabularySize / from) ** random()) - 1);

const textOf = (random: Random): string =>
  Array.from({ length: wordsPerChunk }, () => wordOf(random)).join(" ");

/** What the figures are asked of; everything but the database itself. */
export interface BenchCorpus {
  readonly actor: Actor;
  /** Collections, from the smallest on, with their numbers of chunks. */
  readonly scopes: readonly { readonly id: string; readonly chunks: number }[];
  readonly subjects: readonly (readonly number[])[];
}

export interface OpenedCorpus {
  readonly url: string;
  readonly engine: "pglite" | "postgres";
  readonly corpus: BenchCorpus;
  readonly close: () => Promise<void>;
}

/** Questions of seven words, rarer than the commonest of the texts as those of people are, each about a document. */
export function questionsOf(
  { subjects }: BenchCorpus,
  seed: number,
): () => { readonly text: string; readonly vector: readonly number[] } {
  const random = seededRandom(seed);
  return () => ({
    text: Array.from({ length: 7 }, () => wordOf(random, commonRanks)).join(" "),
    vector: vectorNear(random, subjects[Math.floor(random() * subjects.length)] ?? []),
  });
}

type Opened = Awaited<ReturnType<CorpusLoader["open"]>>;

/** Of the document with that number: whoever fills a corpus in several runs goes on as if it were one. */
function documentSource(number: number): { readonly random: Random; readonly centre: number[] } {
  const random = seededRandom(20_261_127 + number * 7919);
  return { random, centre: subject(random) };
}

/** The collections to fill, written down before the first chunk, so that another run finds them. */
async function openedIn(
  folder: string,
  loader: CorpusLoader,
  sizes: readonly number[],
): Promise<readonly Opened[]> {
  const file = join(folder, "collections.json");
  if (existsSync(file)) return JSON.parse(await readFile(file, "utf8")) as Opened[];
  const opened = await Promise.all(sizes.map(() => loader.open()));
  await writeFile(file, JSON.stringify(opened));
  return opened;
}

/** Adds what a collection lacks: batches are stored one after the other, each whole or not at all. */
async function fillCollection(
  { pool }: DatabaseConnection,
  loader: CorpusLoader,
  { collectionId }: Opened,
  range: { readonly from: number; readonly documents: number },
): Promise<void> {
  const { rows } = await pool.query<{ stored: number }>(
    "select count(*)::integer as stored from documents where collection_id = $1",
    [collectionId],
  );
  let storing: Promise<unknown> = Promise.resolve();
  for (let at = rows[0]?.stored ?? 0; at < range.documents; at += documentsPerBatch) {
    const count = Math.min(documentsPerBatch, range.documents - at);
    const documents = Array.from({ length: count }, (_, index) =>
      inventedDocument(range.from + at + index),
    );
    await storing; // the next batch is made while this one is stored
    storing = loader.add(collectionId, documents, benchSpace);
  }
  await storing;
}

/** Collections of the sizes given, in one workspace; goes on where an earlier run in this folder was ended. */
async function fill(url: string, sizes: readonly number[], folder: string): Promise<BenchCorpus> {
  const connection = await openDatabase({ url, maxConnections: 2 });
  const { pool, db } = connection;
  const loader = createCorpusLoader({ database: db });
  const opened = await openedIn(folder, loader, sizes);
  // Filling a table beside its index of words takes several times as long as making the index afterwards.
  await pool.query("drop index if exists chunks_search_idx");
  let from = 0;
  for (const [index, collection] of opened.entries()) {
    const documents = Math.ceil((sizes[index] ?? 0) / chunksPerDocument);
    await fillCollection(connection, loader, collection, { from, documents });
    from += documents;
  }
  await pool.query("truncate collection_terms, collection_statistics");
  for (const { collectionId } of opened) await loader.finish(collectionId);
  await pool.query("create index chunks_search_idx on chunks using gin (search_vector)");
  const { userId = "", workspaceId = "" } = opened[0] ?? {};
  await pool.query("update collections set workspace_id = $1", [workspaceId]);
  await pool.query("vacuum analyze");
  await connection.close();
  return {
    actor: { userId, workspaceId, role: "admin" },
    scopes: opened.map(({ collectionId }, index) => ({
      ...{ id: collectionId, chunks: sizes[index] ?? 0 },
    })),
    subjects: Array.from({ length: Math.min(from, 2000) }, (_, at) => documentSource(at).centre),
  };
}

function inventedDocument(number: number) {
  const { random, centre } = documentSource(number);
  const chunks = Array.from({ length: chunksPerDocument }, (_, ordinal) => {
    const text = textOf(random);
    return {
      ...{ ordinal, headingPath: [], page: null, charStart: 0, charEnd: text.length },
      ...{ text, searchText: text, vector: vectorNear(random, centre) },
    };
  });
  return { fileName: String(number), title: "", text: "", language: "english", chunks };
}

/**
 * A filled database is kept in the folder for temporary files and used again; delete the folder after changing the schema. A Postgres
 * that was not filled to its end is filled on.
 */
export async function openBenchCorpus(sizes: readonly number[]): Promise<OpenedCorpus> {
  const kept = join(tmpdir(), "drover-bench-retrieval");
  if (testEngine === "postgres")
    return openOnPostgres(join(kept, `postgres-${sizes.join("-")}`), sizes);
  const folder = join(kept, sizes.join("-"));
  if (!existsSync(folder)) await makeEmbedded(folder, sizes);
  const { program, url } = await startEmbeddedDatabase(folder);
  const corpus = JSON.parse(await readFile(join(folder, corpusFile), "utf8")) as BenchCorpus;
  return { url, engine: "pglite", corpus, close: program.stop };
}

const corpusFile = "corpus.json";

async function openOnPostgres(folder: string, sizes: readonly number[]): Promise<OpenedCorpus> {
  // The server's own folder belongs to another user.
  const server = join(folder, "server");
  await mkdir(server, { recursive: true });
  const { url, engine, close } = await startOnPostgres(server);
  const file = join(folder, corpusFile);
  if (!existsSync(file)) await writeFile(file, JSON.stringify(await fill(url, sizes, folder)));
  const corpus = JSON.parse(await readFile(file, "utf8")) as BenchCorpus;
  return { url, engine, corpus, close };
}

async function makeEmbedded(folder: string, sizes: readonly number[]): Promise<void> {
  const making = `${folder}.making`;
  await rm(making, { recursive: true, force: true });
  await mkdir(making, { recursive: true });
  await fillDataFolder(making);
  const { program, url } = await startEmbeddedDatabase(making);
  const corpus = await fill(url, sizes, making);
  await program.stop();
  await writeFile(join(making, corpusFile), JSON.stringify(corpus));
  await rename(making, folder);
}
