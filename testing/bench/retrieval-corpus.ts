import { existsSync } from "node:fs";
import { mkdir, readFile, rename, rm, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { openDatabase } from "#lib/adapters/database/connection.ts";
import { createCorpusLoader } from "#lib/adapters/database/corpus-loader.ts";
import type { Actor } from "#lib/core/access/actor.ts";
import {
  fillDataFolder,
  startEmbeddedDatabase,
  startTestDatabase,
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

/** Collections of the sizes given, in one workspace. */
async function fill(url: string, sizes: readonly number[]): Promise<BenchCorpus> {
  const connection = await openDatabase({ url, maxConnections: 2 });
  const loader = createCorpusLoader({ database: connection.db });
  const random = seededRandom(20_261_126);
  const subjects: number[][] = [];
  const opened = [];
  // Filling a table beside its index of words takes several times as long as making the index afterwards.
  await connection.pool.query("drop index chunks_search_idx");
  for (const chunks of sizes) {
    const collection = await loader.open();
    opened.push({ ...collection, chunks });
    for (let from = 0; from < chunks; from += documentsPerBatch * chunksPerDocument) {
      const documents = Array.from({ length: documentsPerBatch }, (_, at) => {
        const centre = subject(random);
        if (subjects.length < 2000) subjects.push(centre);
        return inventedDocument(random, String(from + at), centre);
      });
      await loader.add(collection.collectionId, documents, benchSpace);
    }
    await loader.finish(collection.collectionId);
  }
  await connection.pool.query("create index chunks_search_idx on chunks using gin (search_vector)");
  const [first] = opened;
  await connection.pool.query("update collections set workspace_id = $1", [first?.workspaceId]);
  await connection.pool.query("vacuum analyze");
  await connection.close();
  const { userId = "", workspaceId = "" } = first ?? {};
  return {
    actor: { userId, workspaceId, role: "admin" },
    scopes: opened.map(({ collectionId, chunks }) => ({ id: collectionId, chunks })),
    subjects,
  };
}

function inventedDocument(random: Random, name: string, centre: readonly number[]) {
  const chunks = Array.from({ length: chunksPerDocument }, (_, ordinal) => {
    const text = textOf(random);
    return {
      ...{ ordinal, headingPath: [], page: null, charStart: 0, charEnd: text.length },
      ...{ text, searchText: text, vector: vectorNear(random, centre) },
    };
  });
  return { fileName: name, title: "", text: "", language: "english", chunks };
}

/** A filled embedded database is kept in the folder for temporary files and used again; delete the folder after changing the schema. */
export async function openBenchCorpus(sizes: readonly number[]): Promise<OpenedCorpus> {
  if (testEngine === "postgres") {
    const { url, engine, close } = await startTestDatabase();
    return { url, engine, corpus: await fill(url, sizes), close };
  }
  const folder = join(tmpdir(), "drover-bench-retrieval", sizes.join("-"));
  if (!existsSync(folder)) await makeEmbedded(folder, sizes);
  const { program, url } = await startEmbeddedDatabase(folder);
  const corpus = JSON.parse(await readFile(join(folder, "corpus.json"), "utf8")) as BenchCorpus;
  return { url, engine: "pglite", corpus, close: program.stop };
}

async function makeEmbedded(folder: string, sizes: readonly number[]): Promise<void> {
  const making = `${folder}.making`;
  await rm(making, { recursive: true, force: true });
  await mkdir(making, { recursive: true });
  await fillDataFolder(making);
  const { program, url } = await startEmbeddedDatabase(making);
  const corpus = await fill(url, sizes);
  await program.stop();
  await writeFile(join(making, "corpus.json"), JSON.stringify(corpus));
  await rename(making, folder);
}
