import { eq } from "drizzle-orm";
import { afterAll, beforeAll, describe, expect, it } from "vitest";
import { documents } from "#drizzle/schema/index.ts";
import { createChunkSearch } from "#lib/adapters/database/chunk-search.ts";
import { createPersonExport } from "#lib/adapters/database/person-export.ts";
import type { Actor } from "#lib/core/access/actor.ts";
import { answerFrom, openChatData, type ChatData } from "./chat-data.ts";

let data: ChatData;
const ann = (): Actor => data.actor("ann");
const ben = (): Actor => data.actor("ben");
const admin = (): Actor => data.actor("ada");
const plain = answerFrom();

beforeAll(async () => {
  data = await openChatData();
});
afterAll(async () => {
  await data.close();
});

async function exportOf(actor: Actor): Promise<string> {
  const all: unknown[] = [];
  const own = createPersonExport({ db: data.connection.db });
  for await (const one of own.conversations(actor, AbortSignal.any([]))) all.push(one);
  return JSON.stringify(all);
}

describe("a shared conversation", () => {
  it("shows each reader only what rests on documents that they may read", async () => {
    const { conversations, shares } = data.stores;
    const open = await data.documentFor("ann", "ben");
    const closed = await data.documentFor("ann");
    const { id } = await data.conversationOf([
      "Both?",
      answerFrom([open, "zeppelin"], [closed, "for Ann alone"]),
    ]);
    const { id: shareId } = await shares.create(ann(), id);
    await conversations.addTurn(ann(), id, { question: "a later secret", owner: "test" });

    const forBen = await shares.read(ben(), shareId);
    const [turn] = forBen.turns;
    expect(JSON.stringify(forBen)).not.toMatch(/Ann alone|later secret|whole passage/u);
    expect(forBen.sharedBy).toBe("ann");
    expect(turn?.snapshot?.sentences).toEqual([
      { text: "Sentence zeppelin.", citations: [1], supported: true },
      { text: "", citations: [], supported: false, withheld: true },
    ]);
    expect(turn?.snapshot?.quotes).toHaveLength(1);
    expect(JSON.stringify(await shares.read(ann(), shareId))).toContain("for Ann alone");

    // A deleted document is nobody's to read, in old chats and in the export of one's own data, words and index of words alike.
    expect(await exportOf(ann())).toContain("zeppelin");
    await data.connection.db
      .update(documents)
      .set({ deletedAt: new Date() })
      .where(eq(documents.id, open));
    expect(JSON.stringify(await shares.read(ben(), shareId))).not.toContain("zeppelin");
    expect(JSON.stringify(await conversations.get(ann(), id))).not.toContain("zeppelin");
    expect(await exportOf(ann())).not.toContain("zeppelin");
    expect(await exportOf(ann())).toContain("for Ann alone");
  });

  it("ends with its link, its conversation and its workspace", async () => {
    const { conversations, shares } = data.stores;
    const { id } = await data.conversationOf(["One?", plain]);
    const gone = { code: "not_found" };
    const { id: revoked } = await shares.create(ann(), id);
    await expect(shares.revoke(ben(), revoked)).rejects.toMatchObject(gone);
    await expect(shares.revoke(admin(), revoked)).rejects.toMatchObject(gone);
    await expect(
      shares.read({ ...ben(), workspaceId: crypto.randomUUID() }, revoked),
    ).rejects.toMatchObject(gone);
    await shares.revoke(ann(), revoked);
    await expect(shares.read(ben(), revoked)).rejects.toMatchObject(gone);
    const { id: other } = await shares.create(ann(), id);
    expect(await shares.list(ann(), id)).toHaveLength(1);
    await conversations.remove(ann(), id);
    await expect(shares.read(ben(), other)).rejects.toMatchObject(gone);
  });
});

describe("files of one conversation", () => {
  it("are found in it alone, by its owner alone, as long as it is there", async () => {
    const { conversations, collections: all, documents: store } = data.stores;
    const search = createChunkSearch({ database: data.connection.db });
    const { id } = await data.conversationOf(["One?", plain]);
    expect(await conversations.attachments(ann(), id)).toBe(null);
    const collectionId = await conversations.makeAttachments(ann(), id);
    expect(await conversations.makeAttachments(ann(), id)).toBe(collectionId);
    const added = await conversations.addTurn(ann(), id, { question: "Two?", owner: "test" });
    expect(added.collectionIds).toContain(collectionId);
    expect((await all.list(ann())).map((one) => one.id)).not.toContain(collectionId);
    expect((await all.get(ann(), collectionId)).right).toBe("manage");
    for (const other of [ben(), admin()]) {
      await expect(all.get(other, collectionId)).rejects.toMatchObject({ code: "not_found" });
      await expect(conversations.makeAttachments(other, id)).rejects.toMatchObject({
        code: "not_found",
      });
    }
    const { document } = await store.create(ann(), {
      collectionId,
      title: "Attached",
      fileName: "a.txt",
      mediaType: "text/plain",
      bytes: 1,
      contentHash: "attached",
      fileKey: "attached",
    });
    expect(await store.list(ann(), { collectionId })).toHaveLength(1);
    expect((await store.list(ann(), {})).map((one) => one.id)).not.toContain(document.id);
    expect((await store.list(admin(), {})).map((one) => one.id)).not.toContain(document.id);
    const everything = await search.headings(ann(), { collectionIds: [] }, 100);
    expect(everything.map((one) => one.documentId)).not.toContain(document.id);
    await conversations.remove(ann(), id);
    await expect(store.get(ann(), document.id)).rejects.toMatchObject({ code: "not_found" });
  });
});
