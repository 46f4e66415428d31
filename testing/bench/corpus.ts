import { randomUUID } from "node:crypto";
import type { DatabaseConnection } from "#lib/adapters/database/connection.ts";
import { createDocumentStore } from "#lib/adapters/database/document-store.ts";
import { createIngestStore } from "#lib/adapters/database/ingest-store.ts";
import { createPostgresJobQueue } from "#lib/adapters/database/postgres-job-queue.ts";
import { createSystemClock } from "#lib/adapters/system/clock.ts";
import type { Actor } from "#lib/core/access/actor.ts";
import type { LocalModels } from "#lib/local-models.ts";
import type { EmbeddingSpace } from "#lib/ports/chunk-search.ts";
import type { DocumentParser } from "#lib/ports/document-parser.ts";
import { createIngestDocument } from "#lib/services/ingest-document.ts";

export interface CorpusSettings {
  readonly connection: DatabaseConnection;
  readonly actor: Actor;
  readonly collectionId: string;
  readonly chunkCount: number;
  /** Space of the node that questions will be embedded by, so that both are compared. */
  readonly space: EmbeddingSpace;
  readonly seed: number;
}

/** Uniform numbers in [0, 1), the same for the same seed (mulberry32). */
export function seededRandom(seed: number): () => number {
  let state = seed >>> 0;
  return () => {
    state = (state + 0x6d2b79f5) >>> 0;
    let mixed = Math.imul(state ^ (state >>> 15), state | 1);
    mixed ^= mixed + Math.imul(mixed ^ (mixed >>> 7), mixed | 61);
    return ((mixed ^ (mixed >>> 14)) >>> 0) / 4_294_967_296;
  };
}

const functionWords =
  "the of and to in is that for it with as was on are by this be from or have which at were not".split(
    " ",
  );
const syllables = "ba ce di fo gu la me ni po ru sa te vi wo zu bran col dex fer gan hol".split(
  " ",
);
const vocabularySize = 20_000;

/** Word number `rank` of an invented language; every word is another one. */
export function inventedWord(rank: number): string {
  let word = "";
  for (let rest = rank + syllables.length; rest > 0; rest = Math.floor(rest / syllables.length))
    word += syllables[rest % syllables.length] ?? "";
  return word;
}

/** Function words make 45 % of a text, the others follow Zipf's law, as in prose. */
function prose(random: () => number, words: number): string {
  const sentence: string[] = [];
  for (let index = 0; index < words; index += 1) {
    const isFunction = random() < 0.45;
    const rank = Math.floor(vocabularySize ** random()) - 1;
    const word = isFunction
      ? (functionWords[Math.floor(random() * functionWords.length)] ?? "the")
      : inventedWord(rank);
    sentence.push(index % 14 === 13 ? `${word}.` : word);
  }
  return `${sentence.join(" ")}.`;
}

function unitVector(random: () => number, dimension: number): number[] {
  const vector = Array.from({ length: dimension }, () => random() + random() + random() - 1.5);
  const length = Math.hypot(...vector) || 1;
  return vector.map((value) => value / length);
}

const chunksPerDocument = 200;
const wordsPerChunk = 95;

/** Documents of headed parts, each as long as one chunk. */
function inventedParser(random: () => number, chunks: number): DocumentParser {
  return {
    detect: () => Promise.resolve("text/plain"),
    parse: () => {
      const parts = Array.from({ length: chunks }, () => prose(random, wordsPerChunk));
      let at = 0;
      const blocks = parts.map((part) => {
        const start = at;
        at += part.length + 2;
        return { kind: "paragraph" as const, start, end: start + part.length, level: 0 };
      });
      return Promise.resolve({
        title: null,
        text: parts.join("\n\n"),
        pages: [],
        blocks,
        warnings: [],
      });
    },
  };
}

/** A plain text of `chunks` paragraphs, each as long as one chunk. */
export const inventedText = (random: () => number, chunks: number): string =>
  Array.from({ length: chunks }, () => prose(random, wordsPerChunk)).join("\n\n");

/** Fills a collection with invented documents through the product's own ingest; only reading and embedding are invented too. */
export async function buildCorpus(settings: CorpusSettings): Promise<void> {
  const { connection, space, collectionId, actor } = settings;
  const random = seededRandom(settings.seed);
  const database = connection.db;
  const queue = createPostgresJobQueue({ database });
  const documents = createDocumentStore({ database });
  const models: Pick<LocalModels, "embed"> = {
    embed: (inputs) =>
      Promise.resolve({ vectors: inputs.map(() => unitVector(random, space.dimension)), space }),
  };
  for (let left = settings.chunkCount; left > 0; left -= chunksPerDocument) {
    const handler = createIngestDocument({
      store: createIngestStore({ database }),
      parser: inventedParser(random, Math.min(left, chunksPerDocument)),
      files: { path: (key) => key },
      models,
      clock: createSystemClock(),
    });
    await documents.create(actor, {
      collectionId,
      title: `Invented document ${String(left)}`,
      fileName: `invented-${String(left)}.txt`,
      mediaType: "text/plain",
      bytes: 1,
      contentHash: randomUUID(),
      fileKey: randomUUID(),
    });
    const job = await queue.lease(["ingest"], "bench", 60_000);
    if (job === null) throw new Error("the document was not queued");
    const outcome = await handler.run(job, new AbortController().signal);
    if (outcome.kind !== "complete") throw new Error(`the ingest ended as ${outcome.kind}`);
    await queue.complete(job);
  }
}

/** A question of function words and a few content words of different rarity. */
export function inventedQuestion(random: () => number): string {
  const words = Array.from({ length: 5 }, () =>
    inventedWord(Math.floor(vocabularySize ** (0.3 + 0.7 * random())) - 1),
  );
  return `What is the ${words[0] ?? ""} of ${words.slice(1).join(" ")} in the ${words[0] ?? ""}?`;
}
