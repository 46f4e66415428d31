import { afterAll, beforeAll, describe, expect, it } from "vitest";
import { createRetrieveChunks } from "#lib/services/retrieve-chunks.ts";
import {
  type DocumentLine,
  hashingEmbedder,
  noEmbedder,
  startDocumentLine,
} from "./document-line.ts";

const note = (word: string): string =>
  `# About ${word}\n\nThe ${word} was found in the harbour in 1904. It weighs eleven pounds and nobody knows who made it.\n`;
const never = new AbortController().signal;

describe("retrieval", () => {
  let line: DocumentLine;

  beforeAll(async () => {
    line = await startDocumentLine();
  });
  afterAll(() => line.close());

  const settled = async (word: string, collectionId: string) => {
    const { document } = await line.upload(collectionId, `${word}.md`, note(word));
    expect(await line.workOff()).toEqual([]);
    return document.id;
  };

  it("answers by words alone when no node can embed the question, and says so", async () => {
    const collectionId = await line.newCollection();
    await settled("lorgnette", collectionId);
    const retrieve = createRetrieveChunks({
      search: line.search,
      models: noEmbedder,
      clock: line.clock,
    });
    const query = { text: "Where was the lorgnette found?", collectionIds: [], limit: 3 };
    const found = await retrieve(line.admin, query, line.call());
    expect(found).toMatchObject({ lexicalOnly: true, vector: null });
    expect(found.chunks[0]?.text).toContain("lorgnette");
    expect(found.chunks[0]).toMatchObject({ cosine: null, score: 1 });
  });

  it("finds words of scripts that the collection's language does not know", async () => {
    const collectionId = await line.newCollection();
    await line.upload(collectionId, "ja.txt", "東京都庁は新宿区にあります。展望室は無料です。");
    await line.upload(collectionId, "ru.txt", "Крейсер стоит у набережной и открыт каждый день.");
    await line.workOff();
    const words = await line.search.terms(line.admin, { collectionIds: [collectionId] }, "крейсер");
    expect(words.terms[0]?.chunkCount).toBe(1);
    const { chunks } = await line.retrieve(line.admin, "新宿区", [collectionId]);
    expect(chunks[0]?.lexicalScore).toBeGreaterThan(0);
    expect(chunks[0]?.text).toContain("新宿区");
  });

  it("takes any characters in a question, and compares letters as documents are cleaned", async () => {
    const collectionId = await line.newCollection();
    await line.upload(collectionId, "b.txt", "Bei Kr\u00fcger steht ein Wei\u00dfbierglas.");
    await line.workOff();
    const asked = "Kru\u0308ger\0 \ud800 \u{e0041}'); drop table chunks; --";
    const { chunks } = await line.retrieve(line.admin, asked, [collectionId]);
    expect(chunks[0]?.text).toContain("Kr\u00fcger");
    expect(chunks[0]?.lexicalScore).toBeGreaterThan(0);
  });

  it("fills the place of a document that is removed between finding and loading", async () => {
    const collectionId = await line.newCollection();
    const going = await settled("metronome", collectionId);
    await line.upload(collectionId, "other.md", `${note("metronome")}\nAnother copy of it stays.`);
    await line.workOff();
    let removed = false;
    const retrieve = createRetrieveChunks({
      search: {
        ...line.search,
        load: async (...args) => {
          if (!removed) await line.documents.remove(line.admin, going);
          removed = true;
          return line.search.load(...args);
        },
      },
      models: hashingEmbedder,
      clock: line.clock,
    });
    const query = {
      text: "Where was the metronome found?",
      collectionIds: [collectionId],
      limit: 1,
    };
    const { chunks } = await retrieve(line.admin, query, line.call());
    expect(chunks).toHaveLength(1);
    expect(chunks[0]?.documentId).not.toBe(going);
  });

  it("stops at once when the asker leaves", async () => {
    const leaving = new AbortController();
    const retrieve = createRetrieveChunks({
      search: line.search,
      models: {
        embed: (_, call) => {
          leaving.abort(new Error("left"));
          return Promise.reject(call.signal.reason as Error);
        },
      },
      clock: line.clock,
    });
    const query = { text: "anything", collectionIds: [], limit: 3 };
    const call = { ...line.call(), signal: leaving.signal };
    await expect(retrieve(line.admin, query, call)).rejects.toThrow("left");
    expect(never.aborted).toBe(false);
  });
});
