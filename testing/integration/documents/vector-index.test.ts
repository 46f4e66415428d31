import { afterAll, beforeAll, describe, expect, it } from "vitest";
import { askedWords } from "#lib/core/rag/search-terms.ts";
import { createChunkSearch } from "#lib/adapters/database/chunk-search.ts";
import { createCorpusLoader } from "#lib/adapters/database/corpus-loader.ts";
import { indexedSpace, keepVectorIndexes } from "#lib/adapters/database/vector-index.ts";
import type { Actor } from "#lib/core/access/actor.ts";
import { seededRandom } from "#lib/core/evaluation/ranking-measures.ts";
import { type DocumentLine, startDocumentLine } from "./document-line.ts";

const dimension = 16;
const space = { model: "test", engine: "test", digest: "1", dimension };
const random = seededRandom(7);

function unit(): number[] {
  const vector = Array.from({ length: dimension }, () => random() - 0.5);
  const length = Math.hypot(...vector);
  return vector.map((value) => value / length);
}

let line: DocumentLine;
let actor: Actor;
let collectionIds: readonly string[];

/** Two collections of one workspace with 200 chunks each, as no upload would make them. */
beforeAll(async () => {
  line = await startDocumentLine();
  const loader = createCorpusLoader({ database: line.connection.db });
  const opened = [await loader.open(), await loader.open()];
  for (const { collectionId } of opened) {
    const chunks = Array.from({ length: 200 }, (_, ordinal) => ({
      ...{ ordinal, headingPath: [], page: null, charStart: 0, charEnd: 1 },
      ...{ text: `word${String(ordinal)}`, searchText: "word", vector: unit() },
    }));
    const document = { fileName: "a", title: "", text: "", language: "english", chunks };
    await loader.add(collectionId, [document], space);
    await loader.finish(collectionId);
  }
  const [first] = opened;
  const { workspaceId = "", userId = "" } = first ?? {};
  await line.connection.pool.query("update collections set workspace_id = $1", [workspaceId]);
  actor = { workspaceId, userId, role: "admin" };
  collectionIds = opened.map(({ collectionId }) => collectionId);
});
afterAll(() => line.close());

const nearest = async (
  from: number,
  asked: readonly string[],
  values: readonly number[],
  signsFrom = Infinity,
) => {
  const database = line.connection.db;
  const search = createChunkSearch({ database, indexedFrom: from, signsFrom });
  const { found } = await search.candidates(actor, {
    ...{ collectionIds: asked, proposing: [], rare: [], counted: [], phrases: [] },
    ...{
      vector: { values, space },
      scopeChunks: 400,
      storedChunks: 400,
      lexicalLimit: 0,
      vectorLimit: 20,
    },
  });
  return found
    .toSorted((one, other) => (other.cosine ?? 0) - (one.cosine ?? 0))
    .map(({ chunkId }) => chunkId);
};

describe("the index over vectors", () => {
  it("is made for spaces that are large enough, once, and anew when a build was cut off", async () => {
    const { db, pool } = line.connection;
    await keepVectorIndexes(db, 401);
    expect(await indexedSpace(db, space)).toBeNull();
    await keepVectorIndexes(db, 400);
    const made = await indexedSpace(db, space);
    expect(made?.dimension).toBe(dimension);
    const { rows } = await pool.query<{ oid: string; relname: string }>(
      "select oid::text, relname from pg_class where relname like 'chunk_embeddings_near_%'",
    );
    await keepVectorIndexes(db, 400);
    await pool.query("update pg_index set indisvalid = false where indexrelid = $1::text::oid", [
      rows[0]?.oid,
    ]);
    expect(await indexedSpace(db, space)).toBeNull();
    await keepVectorIndexes(db, 400);
    expect(await indexedSpace(db, space)).toEqual(made);
  });

  it("finds what comparing every vector finds, in all collections and in one", async () => {
    await keepVectorIndexes(line.connection.db, 400);
    for (const asked of [[], collectionIds.slice(0, 1)]) {
      for (let turn = 0; turn < 5; turn += 1) {
        const question = unit();
        const exact = await nearest(401, asked, question);
        const indexed = await nearest(400, asked, question);
        expect(exact).toHaveLength(20);
        expect(indexed).toEqual(exact);
      }
    }
  });
});

describe("the signs of vectors", () => {
  it("lead to nearly all that comparing every vector finds, in all collections and in one", async () => {
    let shared = 0;
    for (const asked of [[], collectionIds.slice(0, 1)]) {
      for (let turn = 0; turn < 5; turn += 1) {
        const question = unit();
        const exact = await nearest(Infinity, asked, question);
        const signed = await nearest(Infinity, asked, question, 400);
        expect(signed).toHaveLength(20);
        expect(signed[0]).toBe(exact[0]);
        shared += exact.filter((id) => signed.includes(id)).length / 20 / 10;
      }
    }
    expect(shared).toBeGreaterThan(0.95);
  });

  it("are asked from a size on, and whole vectors below it", async () => {
    const question = unit();
    const [best = ""] = await nearest(Infinity, [], question);
    await line.connection.pool.query("delete from chunk_signs where chunk_id = $1", [best]);
    expect(await nearest(Infinity, [], question, 401)).toContain(best);
    expect(await nearest(Infinity, [], question, 400)).not.toContain(best);
  });
});

describe("the words of a scope that is a small part of what is stored", () => {
  it("are found in each of its chunks as the index of words finds them, and nowhere else", async () => {
    const search = createChunkSearch({ database: line.connection.db });
    const word = {
      language: "english",
      lexeme: "word",
      count: 1,
      chunkCount: 200,
      lexemeChunks: 200,
    };
    const asked = collectionIds.slice(0, 1);
    const ids = async (storedChunks: number): Promise<readonly string[]> => {
      const { found } = await search.candidates(actor, {
        ...{ collectionIds: asked, proposing: [word], rare: [word], counted: [word] },
        ...{ phrases: ["words"], vector: null, scopeChunks: 200, storedChunks },
        ...{ lexicalLimit: 500, vectorLimit: 20 },
      });
      return found.map(({ chunkId }) => chunkId).toSorted();
    };
    const byIndex = await ids(400);
    expect(byIndex).toHaveLength(200);
    expect(await ids(1_000_000)).toEqual(byIndex);
    expect(
      (await search.terms(actor, { collectionIds: asked }, askedWords("words"))).storedChunks,
    ).toBe(400);
  });
});
