import { afterAll, beforeAll, describe, expect, it } from "vitest";
import { createCorpusLoader } from "#lib/adapters/database/corpus-loader.ts";
import type { Actor } from "#lib/core/access/actor.ts";
import { createRetrieveChunks } from "#lib/services/retrieve-chunks.ts";
import { type DocumentLine, noEmbedder, startDocumentLine } from "./document-line.ts";

const space = { model: "test", engine: "test", digest: "1", dimension: 2 };
/** More than words propose by themselves, and few enough that common words propose too. */
const copies = 600;

let line: DocumentLine;
let actor: Actor;
let collectionId: string;

beforeAll(async () => {
  line = await startDocumentLine();
  const loader = createCorpusLoader({ database: line.connection.db });
  const opened = await loader.open();
  ({ collectionId } = opened);
  actor = { userId: opened.userId, workspaceId: opened.workspaceId, role: "admin" };
  const texts = Array.from(
    { length: copies },
    (_, at) =>
      `Harbour pilots ask the harbour for tides, ${String(at)}, and pilots wait for tides.`,
  );
  const padding = Array.from({ length: 120 }, (_, at) => `word${String(at)}`).join(" ");
  texts.push(`The harbour saw a zeugma once. ${padding}`);
  const chunks = texts.map((text, ordinal) => ({
    ...{ ordinal, headingPath: [], page: null, charStart: 0, charEnd: text.length },
    ...{ text, searchText: text, vector: [1, 0] },
  }));
  const document = { fileName: "a", title: "", text: "", language: "english", chunks };
  await loader.add(collectionId, [document], space);
  await loader.finish(collectionId);
});
afterAll(() => line.close());

describe("a word that one of many chunks holds", () => {
  it("finds it, however often all the others hold the question's other words", async () => {
    const { search, clock } = line;
    const retrieve = createRetrieveChunks({ search, clock, models: noEmbedder });
    const text = "What do harbour pilots and tides have to do with the zeugma?";
    const query = { text, collectionIds: [collectionId], limit: 3 };
    const { chunks } = await retrieve(actor, query, line.call());
    expect(chunks[0]?.text).toContain("zeugma");
  });
});
