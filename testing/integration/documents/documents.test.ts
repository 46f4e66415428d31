import { randomUUID } from "node:crypto";
import { readdir } from "node:fs/promises";
import { afterAll, beforeAll, describe, expect, it } from "vitest";
import { askedWords } from "#lib/core/rag/search-terms.ts";
import { auditCorpus } from "./corpus-audit.ts";
import {
  type DocumentLine,
  type Embedder,
  hashingEmbedder,
  noEmbedder,
  startDocumentLine,
} from "./document-line.ts";

const note = (word: string): string =>
  `# About ${word}\n\nThe ${word} was found in the harbour in 1904. It weighs eleven pounds and nobody knows who made it.\n`;
const never = new AbortController().signal;

describe("documents from upload to retrieval", () => {
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
  const finds = async (word: string, actor = line.admin) =>
    (await line.retrieve(actor, `Where was the ${word} found?`)).chunks.some((chunk) =>
      chunk.text.includes(word),
    );
  const filesOnDisk = async () =>
    (await readdir(line.folder, { recursive: true, withFileTypes: true })).filter((entry) =>
      entry.isFile(),
    ).length;

  it("makes an upload findable with its title, headings and exact range", async () => {
    const collectionId = await line.newCollection();
    const id = await settled("astrolabe", collectionId);
    const document = await line.documents.get(line.admin, id);
    expect(document).toMatchObject({ status: "ready", title: "About astrolabe", failure: null });
    const { chunks, lexicalOnly } = await line.retrieve(
      line.admin,
      "Where was the astrolabe found?",
    );
    const [best] = chunks;
    expect(lexicalOnly).toBe(false);
    expect(best).toMatchObject({ documentId: id, headingPath: ["About astrolabe"], ordinal: 0 });
    const { text, versionId } = await line.documents.text(line.admin, id);
    expect(best?.versionId).toBe(versionId);
    expect(text.slice(best?.charStart, best?.charEnd)).toBe(best?.text);
    expect(best?.score).toBeGreaterThan(0);
    expect(best?.score).toBeLessThanOrEqual(1);
  });

  it("keeps one copy of the same content in a collection, and one in each other collection", async () => {
    const collectionId = await line.newCollection();
    const first = await line.upload(collectionId, "a.md", note("barometer"));
    const before = await filesOnDisk();
    const second = await line.upload(collectionId, "b.md", note("barometer"));
    expect(second).toMatchObject({ duplicate: true, document: { id: first.document.id } });
    expect(await filesOnDisk()).toBe(before);
    const elsewhere = await line.newCollection();
    expect((await line.upload(elsewhere, "a.md", note("barometer"))).duplicate).toBe(false);
    await line.workOff();
    // The two copies say one thing, so they take one place.
    const { chunks } = await line.retrieve(line.admin, "Where was the barometer found?");
    expect(chunks.filter((chunk) => chunk.text.includes("barometer"))).toHaveLength(1);
  });

  it("makes one document of equal uploads at the same time", async () => {
    const collectionId = await line.newCollection();
    const uploads = await Promise.all(
      Array.from({ length: 6 }, () => line.upload(collectionId, "same.md", note("chronometer"))),
    );
    expect(new Set(uploads.map(({ document }) => document.id)).size).toBe(1);
    expect(uploads.filter(({ duplicate }) => !duplicate)).toHaveLength(1);
  });

  it("shows and finds nothing of a collection that the asker may not read", async () => {
    const owner = await line.addPerson("member");
    const stranger = await line.addPerson("member");
    const collectionId = await line.newCollection(owner, "private");
    const { document } = await line.upload(collectionId, "secret.md", note("dodecahedron"), owner);
    await line.workOff();
    expect(await finds("dodecahedron", owner)).toBe(true);
    expect(await finds("dodecahedron", line.admin)).toBe(true);
    for (const ids of [[], [collectionId]]) {
      const { chunks } = await line.retrieve(stranger, "Where was the dodecahedron found?", ids);
      expect(chunks.filter((chunk) => chunk.collectionId === collectionId)).toEqual([]);
    }
    const owned = await line.retrieve(owner, "dodecahedron");
    const ids = owned.chunks.map((chunk) => chunk.chunkId);
    expect(await line.search.load(stranger, ids.slice(0, 1))).toEqual([]);
    const words = await line.search.terms(
      stranger,
      { collectionIds: [collectionId] },
      askedWords("dodecahedron"),
    );
    expect(words).toMatchObject({ terms: [], chunkCount: 0 });
    expect(await line.search.headings(stranger, { collectionIds: [collectionId] }, 9)).toEqual([]);
    const gone = { code: "not_found" };
    await expect(line.documents.get(stranger, document.id)).rejects.toMatchObject(gone);
    await expect(line.documents.text(stranger, document.id)).rejects.toMatchObject(gone);
    await expect(line.documents.original(stranger, document.id)).rejects.toMatchObject(gone);
    await expect(line.documents.remove(stranger, document.id)).rejects.toMatchObject(gone);
    await expect(line.documents.requeue(stranger, document.id)).rejects.toMatchObject(gone);
    await expect(line.documents.cancel(stranger, document.id)).rejects.toMatchObject(gone);
    await expect(
      line.upload(collectionId, "x.md", note("intruder"), stranger),
    ).rejects.toMatchObject(gone);
    expect(await line.documents.list(stranger, { collectionId })).toEqual([]);
  });

  it("lets a reader read and not write", async () => {
    const reader = await line.addPerson("member");
    const collectionId = await line.newCollection();
    const id = await settled("ephemeris", collectionId);
    expect(await finds("ephemeris", reader)).toBe(true);
    const before = await filesOnDisk();
    await expect(line.upload(collectionId, "x.md", note("graffito"), reader)).rejects.toMatchObject(
      { code: "forbidden" },
    );
    await expect(line.documents.remove(reader, id)).rejects.toMatchObject({ code: "not_found" });
    expect(await filesOnDisk()).toBe(before);
  });

  it("keeps nothing of a removed document, on disk or in the counts", async () => {
    const collectionId = await line.newCollection();
    const before = await filesOnDisk();
    const id = await settled("gyroscope", collectionId);
    await settled("hygrometer", collectionId);
    await line.documents.remove(line.admin, id);
    expect(await finds("gyroscope")).toBe(false);
    await line.workOff();
    expect(await filesOnDisk()).toBe(before + 1);
    const { rows } = await line.connection.pool.query(
      "select 1 from documents where id = $1 union all select 1 from chunks where document_id = $1",
      [id],
    );
    expect(rows).toEqual([]);
    expect(await auditCorpus(line.connection)).toEqual([]);
    expect((await line.upload(collectionId, "again.md", note("gyroscope"))).duplicate).toBe(false);
    await line.workOff();
    expect(await finds("gyroscope")).toBe(true);
  });

  it("removes files that no document has once they are too old to be an upload in progress", async () => {
    const collectionId = await line.newCollection();
    await settled("hourglass", collectionId);
    async function* bytes(): AsyncGenerator<Uint8Array> {
      yield await Promise.resolve(Buffer.from("left by a process that died"));
    }
    const before = await filesOnDisk();
    await line.files.put(bytes(), 100, never);
    await line.workOff();
    expect(await filesOnDisk()).toBe(before + 1);
    const tomorrow = new Date(Date.now() + 86_400_000);
    await line.workOff({ clock: { ...line.clock, wallTime: () => tomorrow } });
    expect(await filesOnDisk()).toBe(before);
    expect(await finds("hourglass")).toBe(true);
  });

  it("keeps nothing of a removed collection", async () => {
    const collectionId = await line.newCollection();
    await settled("inclinometer", collectionId);
    await line.upload(collectionId, "open.md", note("javelin"));
    await line.collections.remove(line.admin, collectionId);
    expect(await finds("inclinometer")).toBe(false);
    await line.workOff();
    expect(await finds("javelin")).toBe(false);
    const { rows } = await line.connection.pool.query(
      "select 1 from documents where collection_id = $1 union all select 1 from collection_terms where collection_id = $1",
      [collectionId],
    );
    expect(rows).toEqual([]);
  });

  it("never shows a document that was removed or cancelled while it was read", async () => {
    const collectionId = await line.newCollection();
    for (const end of ["remove", "cancel"] as const) {
      const word = `${end}d${randomUUID().slice(0, 6)}`;
      const { document } = await line.upload(collectionId, `${word}.md`, note(word));
      const interfering: Embedder = {
        embed: async (...args) => {
          await line.documents[end](line.admin, document.id);
          return hashingEmbedder.embed(...args);
        },
      };
      await line.workOff({ embedder: interfering });
      expect(await finds(word)).toBe(false);
    }
    const [cancelled] = await line.documents.list(line.admin, { collectionId });
    expect(cancelled?.status).toBe("cancelled");
    await line.documents.requeue(line.admin, cancelled?.id ?? "");
    await line.workOff();
    expect((await line.documents.get(line.admin, cancelled?.id ?? "")).status).toBe("ready");
    expect(await auditCorpus(line.connection)).toEqual([]);
  });

  it("waits in plain words while no node can embed, and is read when one can", async () => {
    const collectionId = await line.newCollection();
    const { document } = await line.upload(collectionId, "late.md", note("kaleidoscope"));
    await line.workOff({ embedder: noEmbedder });
    const waiting = await line.documents.get(line.admin, document.id);
    expect(waiting).toMatchObject({ status: "queued", stage: "waiting", failure: null });
    expect(waiting.warnings.join()).toMatch(/waits for a node/);
    await line.connection.pool.query("update jobs set run_after = now() where status = 'waiting'");
    await line.workOff();
    expect(await line.documents.get(line.admin, document.id)).toMatchObject({
      status: "ready",
      warnings: [],
    });
  });

  it("ends a file that cannot be read as failed, with a reason, and leaves nothing of it", async () => {
    const collectionId = await line.newCollection();
    const broken = "%PDF-1.7\nthis is no pdf at all";
    const { document } = await line.upload(collectionId, "broken.pdf", broken);
    await line.workOff();
    const failed = await line.documents.get(line.admin, document.id);
    expect(failed).toMatchObject({ status: "failed", failure: { code: "document_unreadable" } });
    expect(failed.failure?.reason).toMatch(/damaged/);
    const { rows } = await line.connection.pool.query(
      "select status from jobs where dedupe_key = $1",
      [`ingest:${document.id}`],
    );
    expect(rows).toEqual([{ status: "dead" }]);
    await expect(line.documents.text(line.admin, document.id)).rejects.toMatchObject({
      code: "not_found",
    });
  });

  it("refuses a file whose name and content disagree, and keeps nothing of it", async () => {
    const collectionId = await line.newCollection();
    const before = await filesOnDisk();
    const refused = { code: "unsupported_type" };
    for (const [name, content] of [
      ["picture.txt", Buffer.from([0x89, 0x50, 0x4e, 0x47, 0x0d, 0x0a, 0x1a, 0x0a, 0, 0])],
      ["text.pdf", "just words"],
      ["text.docx", "just words"],
      ["page.html", "just words"],
      ["program.exe", "MZ"],
      ["noextension", "words"],
    ] as const) {
      await expect(line.upload(collectionId, name, content)).rejects.toMatchObject(refused);
    }
    await expect(line.upload(collectionId, "empty.txt", "")).rejects.toMatchObject({
      code: "document_empty",
    });
    expect(await filesOnDisk()).toBe(before);
    expect(await line.documents.list(line.admin, { collectionId })).toEqual([]);
  });
});
