import { readdir } from "node:fs/promises";
import { afterAll, beforeAll, describe, expect, it } from "vitest";
import { auditCorpus } from "./corpus-audit.ts";
import { type DocumentLine, hashingEmbedder, startDocumentLine } from "./document-line.ts";

const filesOnDisk = async (line: DocumentLine): Promise<number> =>
  (await readdir(line.folder, { recursive: true, withFileTypes: true })).filter((entry) =>
    entry.isFile(),
  ).length;

describe("new versions of documents", () => {
  let line: DocumentLine;
  let collectionId: string;

  beforeAll(async () => {
    line = await startDocumentLine();
    collectionId = await line.newCollection();
  });
  afterAll(() => line.close());

  const ready = async (name: string, content: string) => {
    const { document } = await line.upload(collectionId, name, content);
    await line.workOff();
    return document.id;
  };
  const found = async (text: string) =>
    (await line.retrieve(line.admin, text, [collectionId], 20)).chunks.map((chunk) => chunk.text);
  const get = (id: string) => line.documents.get(line.admin, id);

  it("keep the old one in sight until they are read, then take its place", async () => {
    const id = await ready("opening.txt", "The museum opens at nine.");
    const { document, unchanged } = await line.replace(
      id,
      "opening2.txt",
      "The museum opens at ten.",
    );
    expect({ unchanged, status: document.status, updating: document.isUpdating }).toEqual({
      unchanged: false,
      status: "queued",
      updating: true,
    });
    expect(await found("museum opens")).toContain("The museum opens at nine.");
    await line.workOff();
    expect(await found("museum opens")).toEqual(["The museum opens at ten."]);
    expect(await get(id)).toMatchObject({
      status: "ready",
      fileName: "opening2.txt",
      isUpdating: false,
    });
    expect(await auditCorpus(line.connection)).toEqual([]);
  });

  it("leave the old one alone when they cannot be read or are cancelled, and say so", async () => {
    const id = await ready("prices.json", '{"price": "two crowns"}');
    await line.replace(id, "prices.json", '{"price": ');
    await line.workOff();
    const after = await get(id);
    expect(after).toMatchObject({ status: "ready", failure: null });
    expect(after.warnings.join()).toMatch(/new version could not be read.*not valid JSON/);
    // A followed folder brings the same file again at every run.
    await line.replace(id, "prices.json", '{"price": ');
    await line.workOff();
    expect((await get(id)).warnings).toEqual(after.warnings);
    expect(await found("price crowns")).toContain("price: two crowns");
    await line.replace(id, "prices.json", '{"price": "three crowns"}');
    await line.documents.cancel(line.admin, id);
    await line.workOff();
    expect((await get(id)).status).toBe("ready");
    expect(await found("price crowns")).toContain("price: two crowns");
    expect(await auditCorpus(line.connection)).toEqual([]);
  });

  it("are nothing new when the content is the same, and refused when another document has it", async () => {
    const id = await ready("a.txt", "Alpha stands alone.");
    await ready("b.txt", "Beta stands beside it.");
    const before = await filesOnDisk(line);
    expect((await line.replace(id, "a.txt", "Alpha stands alone.")).unchanged).toBe(true);
    await expect(line.replace(id, "b.txt", "Beta stands beside it.")).rejects.toMatchObject({
      code: "conflict",
    });
    expect(await filesOnDisk(line)).toBe(before);
    const stranger = await line.addPerson("member");
    await expect(line.replace(id, "a.txt", "Other.", stranger)).rejects.toMatchObject({
      code: "forbidden",
    });
  });

  it("come by themselves when the embedder changes, beside the old one and at low priority", async () => {
    const other = await line.newCollection();
    const { document } = await line.upload(other, "stale.txt", "An old vector lies here.");
    await line.workOff();
    const space = { model: "newer", engine: "test", digest: "2", dimension: 64 };
    const newer = {
      embed: async (...args: Parameters<typeof hashingEmbedder.embed>) => ({
        vectors: (await hashingEmbedder.embed(...args)).vectors,
        space,
      }),
    };
    expect(await line.store.queueStale(space, 1000)).toBeGreaterThan(0);
    expect(await line.store.queueStale(space, 1000)).toBe(0);
    expect((await get(document.id)).isUpdating).toBe(true);
    // The old vectors answer until the new ones are there.
    expect((await line.retrieve(line.admin, "old vector", [other])).chunks).toHaveLength(1);
    await line.workOff({ embedder: newer });
    const { rows } = await line.connection.pool.query<{ digest: string }>(
      `select distinct s.digest from chunk_embeddings e join embedding_spaces s on s.id = e.space_id
        join documents d on d.published_version_id = e.version_id`,
    );
    expect(rows).toEqual([{ digest: "2" }]);
    expect(await auditCorpus(line.connection)).toEqual([]);
  });
});

describe("room and time", () => {
  let line: DocumentLine;
  beforeAll(async () => {
    line = await startDocumentLine();
  });
  afterAll(() => line.close());

  it("refuses a file for which the person or the workspace has no room, and keeps nothing of it", async () => {
    const collectionId = await line.newCollection();
    line.limits.personMegabytes = 1;
    await line.upload(collectionId, "most.txt", "a ".repeat(450_000));
    const before = await filesOnDisk(line);
    await expect(line.upload(collectionId, "more.txt", "b ".repeat(100_000))).rejects.toMatchObject(
      { code: "quota_exceeded" },
    );
    expect(await filesOnDisk(line)).toBe(before);
    await line.upload(collectionId, "little.txt", "c ".repeat(10_000));
    // What one person lacks another has, as long as the workspace has it.
    const other = await line.addPerson("admin");
    await line.upload(collectionId, "others.txt", "e ".repeat(100_000), other);
    line.limits.personMegabytes = 100;
    line.limits.workspaceMegabytes = 2;
    const kept = await filesOnDisk(line);
    for (const person of [line.admin, other])
      await expect(
        line.upload(collectionId, "much.txt", "f ".repeat(450_000), person),
      ).rejects.toMatchObject({ code: "quota_exceeded" });
    expect(await filesOnDisk(line)).toBe(kept);
    line.limits.workspaceMegabytes = 100;
    line.limits.largestFileMegabytes = 1;
    await expect(
      line.upload(collectionId, "large.txt", "d ".repeat(600_000)),
    ).rejects.toMatchObject({ code: "payload_too_large" });
    expect(await line.documents.usage(line.admin)).toEqual({
      personBytes: 920_000,
      workspaceBytes: 1_120_000,
    });
    // Nobody needs them read.
    await line.collections.remove(line.admin, collectionId);
  });

  it("removes documents at the end of their collection's time, and no others", async () => {
    const kept = await line.newCollection();
    const short = await line.newCollection();
    await line.collections.update(line.admin, short, { retentionDays: 30 });
    const { document: old } = await line.upload(short, "old.txt", "An old notice.");
    const { document: young } = await line.upload(short, "young.txt", "A young notice.");
    const { document: other } = await line.upload(kept, "other.txt", "A kept notice.");
    await line.connection.pool.query(
      "update documents set created_at = now() - interval '31 days' where id = any($1)",
      [[old.id, other.id]],
    );
    await line.workOff();
    await expect(line.documents.get(line.admin, old.id)).rejects.toMatchObject({
      code: "not_found",
    });
    expect((await line.documents.get(line.admin, young.id)).status).toBe("ready");
    expect((await line.documents.get(line.admin, other.id)).status).toBe("ready");
    expect(await auditCorpus(line.connection)).toEqual([]);
  });

  it("reads documents again in the language that their collection is given, and finds them meanwhile", async () => {
    const inEnglish = await line.newCollection();
    const { document } = await line.upload(
      inEnglish,
      "house.txt",
      "The dogs of this house are walked twice on each day of the week.",
    );
    await line.workOff();
    const state = async () => {
      const { rows } = await line.connection.pool.query<{ language: string }>(
        "select language from documents where id = $1",
        [document.id],
      );
      const { isUpdating, status } = await line.documents.get(line.admin, document.id);
      const { terms } = await line.retrieve(line.admin, "walks", [inEnglish]);
      return { isUpdating, status, language: rows[0]?.language, counted: terms[0]?.chunkCount };
    };
    const asEnglish = { isUpdating: false, status: "ready", language: "english", counted: 1 };
    expect(await state()).toEqual(asEnglish);

    await line.collections.update(line.admin, inEnglish, { language: "english" });
    expect(await state()).toEqual(asEnglish);
    await line.collections.update(line.admin, inEnglish, { language: "simple" });
    expect(await state()).toEqual({ ...asEnglish, isUpdating: true, status: "queued" });
    await line.workOff();
    // "walked" is no "walks" any more.
    expect(await state()).toEqual({ ...asEnglish, language: "simple", counted: 0 });

    await line.collections.update(line.admin, inEnglish, { language: "auto" });
    await line.workOff();
    expect(await state()).toEqual(asEnglish);
    expect(await auditCorpus(line.connection)).toEqual([]);
  });

  it("notices a document that was being read while its collection got another language", async () => {
    const collectionId = await line.newCollection();
    const { document } = await line.upload(collectionId, "late.txt", "It came late to the feast.");
    await line.workOff();
    const { space } = await hashingEmbedder.embed(["any"], line.call());
    expect(await line.store.queueStale(space, 10)).toBe(0);
    await line.connection.pool.query("update collections set language = 'dutch' where id = $1", [
      collectionId,
    ]);
    expect(await line.store.queueStale(space, 10)).toBe(1);
    await line.workOff();
    expect(await line.store.queueStale(space, 10)).toBe(0);
    expect((await line.documents.get(line.admin, document.id)).status).toBe("ready");
  });

  it("takes up a document that lies without a job", async () => {
    const collectionId = await line.newCollection();
    const { document } = await line.upload(collectionId, "lost.txt", "Lost and found.");
    await line.connection.pool.query("delete from jobs where payload ->> 'documentId' = $1", [
      document.id,
    ]);
    expect(await line.store.rescue()).toBe(1);
    expect(await line.store.rescue()).toBe(0);
    await line.workOff();
    expect((await line.documents.get(line.admin, document.id)).status).toBe("ready");
  });
});
