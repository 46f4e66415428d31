import { eq } from "drizzle-orm";
import { afterAll, beforeAll, describe, expect, it } from "vitest";
import {
  collectionGrants,
  collections,
  documents,
  users,
  workspaces,
} from "#drizzle/schema/index.ts";
import { createAnswerStore } from "#lib/adapters/database/answer-store.ts";
import { createChunkSearch } from "#lib/adapters/database/chunk-search.ts";
import { createCollectionStore } from "#lib/adapters/database/collection-store.ts";
import { type DatabaseConnection, openDatabase } from "#lib/adapters/database/connection.ts";
import { createConversationStore } from "#lib/adapters/database/conversation-store.ts";
import { createDocumentStore } from "#lib/adapters/database/document-store.ts";
import { createPersonExport } from "#lib/adapters/database/person-export.ts";
import { createShareStore } from "#lib/adapters/database/share-store.ts";
import type { Actor } from "#lib/core/access/actor.ts";
import type { AnswerSnapshot, Source } from "#lib/core/chat/events.ts";
import { emptyAnswer } from "#lib/core/chat/fold-answer.ts";
import { searchWords } from "#lib/core/chat/search-words.ts";
import { startTestDatabase, type TestDatabase } from "#testing/services/test-database.ts";

let database: TestDatabase;
let connection: DatabaseConnection;
let workspaceId = "";
const ann = (): Actor => ({ userId: "ann", workspaceId, role: "member" });
const ben = (): Actor => ({ userId: "ben", workspaceId, role: "member" });
const admin = (): Actor => ({ userId: "ada", workspaceId, role: "admin" });

const stores = () => {
  const { db } = connection;
  return {
    conversations: createConversationStore({ db }),
    answers: createAnswerStore({ db }),
    shares: createShareStore({ db }),
    collections: createCollectionStore({ db }),
    documents: createDocumentStore({ database: db }),
  };
};

beforeAll(async () => {
  database = await startTestDatabase();
  connection = await openDatabase({ url: database.url, maxConnections: 3 });
  const [workspace] = await connection.db
    .insert(workspaces)
    .values({ name: "one" })
    .returning({ id: workspaces.id });
  workspaceId = workspace!.id;
  for (const id of ["ann", "ben", "ada"])
    await connection.db.insert(users).values({
      id,
      workspaceId,
      name: id,
      email: `${id}@example.org`,
      role: id === "ada" ? "admin" : "member",
    });
});
afterAll(async () => {
  await connection.close();
  await database.close();
});

/** A document that these people may read. */
async function documentFor(...people: readonly string[]): Promise<string> {
  const { db } = connection;
  const [collection] = await db
    .insert(collections)
    .values({ workspaceId, name: people.join("+") })
    .returning({ id: collections.id });
  for (const subjectId of people)
    await db
      .insert(collectionGrants)
      .values({ collectionId: collection!.id, subjectKind: "user", subjectId, right: "read" });
  const [document] = await db
    .insert(documents)
    .values({
      collectionId: collection!.id,
      title: "T",
      fileName: "t.txt",
      mediaType: "text/plain",
      bytes: 1,
      contentHash: "h",
      fileKey: collection!.id,
      createdBy: "ada",
    })
    .returning({ id: documents.id });
  return document!.id;
}

const sourceIn = (documentId: string, citation: number): Source => ({
  citation,
  documentId,
  chunkId: "k",
  versionId: "v",
  documentTitle: "T",
  collectionId: "c",
  collectionName: "C",
  headingPath: [],
  page: null,
  charStart: 0,
  charEnd: 1,
  text: "the whole passage",
  score: 1,
});

const answerFrom = (...cited: readonly (readonly [string, string])[]): AnswerSnapshot => ({
  ...emptyAnswer,
  outcome: "complete",
  sources: cited.map(([documentId], index) => sourceIn(documentId, index + 1)),
  quotes: cited.map(([, text], index) => ({
    citation: index + 1,
    text: `quote ${text}`,
    charStart: 0,
    charEnd: 1,
  })),
  sentences: cited.map(([, text], index) => ({
    text: `Sentence ${text}.`,
    citations: [index + 1],
    supported: true,
  })),
});

/** A conversation of Ann's with one answer for each question. */
async function conversationOf(...turns: readonly (readonly [string, AnswerSnapshot])[]) {
  const { conversations, answers } = stores();
  const { id } = await conversations.create(ann(), { title: "Chat", collectionIds: [] });
  const answerIds: string[] = [];
  for (const [question, snapshot] of turns) {
    const { answerId } = await conversations.addTurn(ann(), id, { question, owner: "test" });
    await answers.finish(answerId, "complete", snapshot);
    answerIds.push(answerId);
  }
  return { id, answerIds };
}

const plain = answerFrom();

describe("a conversation begun with its first question", () => {
  const first = { title: "One?", question: "One?", owner: "test" };

  it("is as one that was made empty and then asked: shown, found by its words, and followed", async () => {
    const { conversations, answers } = stores();
    const begun = await conversations.addFirstTurn(ann(), { ...first, collectionIds: [] });
    const { id } = begun.conversation;
    await answers.finish(begun.answerId, "complete", plain);
    const shown = await conversations.get(ann(), id);
    expect(shown.conversation).toEqual({
      ...begun.conversation,
      updatedAt: shown.conversation.updatedAt,
    });
    expect(shown.turns).toMatchObject([{ answerId: begun.answerId, turn: 0, question: "One?" }]);
    expect((await conversations.list(ann())).map((each) => each.id)).toContain(id);
    const next = await conversations.addTurn(ann(), id, { question: "Two?", owner: "test" });
    expect(next).toMatchObject({ turn: 1, history: [{ question: "One?" }] });
    await expect(conversations.get(ben(), id)).rejects.toMatchObject({ code: "not_found" });
  });

  it("is not begun about a collection that the person may not read", async () => {
    const { conversations, collections: store } = stores();
    const secret = await store.create(admin(), { name: "Secret", visibility: "private" });
    const before = (await conversations.list(ann())).length;
    await expect(
      conversations.addFirstTurn(ann(), { ...first, collectionIds: [secret.id] }),
    ).rejects.toMatchObject({ code: "not_found" });
    expect(await conversations.list(ann())).toHaveLength(before);
  });
});

describe("branches", () => {
  it("asking again at a place keeps both answers and what followed each", async () => {
    const { conversations } = stores();
    const { id, answerIds } = await conversationOf(
      ["one", plain],
      ["two", plain],
      ["three", plain],
    );
    const again = await conversations.addTurn(ann(), id, {
      question: "two, put otherwise",
      owner: "test",
      replaces: answerIds[1]!,
    });
    expect(again.turn).toBe(1);
    expect(again.history.map(({ question }) => question)).toEqual(["one"]);
    const shown = await conversations.get(ann(), id);
    expect(shown.turns.map(({ question }) => question)).toEqual(["one", "two, put otherwise"]);
    expect(shown.turns[1]?.siblings).toEqual([answerIds[1], again.answerId]);

    await conversations.showBranch(ann(), id, answerIds[1]!);
    const before = await conversations.get(ann(), id);
    expect(before.turns.map(({ question }) => question)).toEqual(["one", "two", "three"]);
  });

  it("knows no answer of another conversation", async () => {
    const { conversations } = stores();
    const mine = await conversationOf(["one", plain]);
    const other = await conversationOf(["other", plain]);
    const replaces = other.answerIds[0]!;
    await expect(
      conversations.addTurn(ann(), mine.id, { question: "?", owner: "test", replaces }),
    ).rejects.toMatchObject({ code: "not_found" });
    await expect(conversations.showBranch(ann(), mine.id, replaces)).rejects.toMatchObject({
      code: "not_found",
    });
  });
});

describe("the history", () => {
  it("is pinned, archived and renamed; it begins with the question as title", async () => {
    const { conversations } = stores();
    const { id } = await conversationOf(["one", plain]);
    await conversations.change(ann(), id, { pinned: true, archived: true });
    const { conversation } = await conversations.get(ann(), id);
    expect(conversation).toMatchObject({ pinned: true, archived: true });
    await conversations.change(ann(), id, { title: "Mine", archived: false });
    expect((await conversations.get(ann(), id)).conversation).toMatchObject({
      title: "Mine",
      pinned: true,
      archived: false,
    });
  });

  it("is titled by what is asked after a greeting, and never over a person's own title", async () => {
    const { conversations } = stores();
    const { id } = await conversationOf(["Hello!", plain], ["What is the fee for berths?", plain]);
    const title = async () => (await conversations.get(ann(), id)).conversation.title;
    expect(await title()).toBe("Fee for berths");
    await conversations.addTurn(ann(), id, { question: "And for sheds?", owner: "test" });
    expect(await title()).toBe("Fee for berths");
    const greeted = await conversationOf(["Hello!", plain]);
    await conversations.change(ann(), greeted.id, { title: "Hello" });
    await conversations.addTurn(ann(), greeted.id, { question: "A fee?", owner: "test" });
    expect((await conversations.get(ann(), greeted.id)).conversation.title).toBe("Hello");
  });

  it("finds words of titles, questions and answers, and only their owner's", async () => {
    const { conversations } = stores();
    const documentId = await documentFor("ann", "ben");
    const { id, answerIds } = await conversationOf([
      "Where is the quetzal nest?",
      answerFrom([documentId, "about the Zugspitze lookout"]),
    ]);
    const find = (actor: Actor, query: string) =>
      conversations
        .search(actor, searchWords(query))
        .then((found) =>
          found.map(({ conversation, answerId, excerpt }) => [conversation.id, answerId, excerpt]),
        );
    expect(await find(ann(), "QUETZ nest")).toEqual([
      [id, answerIds[0], "Where is the quetzal nest? Sentence about the Zugspitze lookout."],
    ]);
    expect(await find(ann(), "zugspitze")).toHaveLength(1);
    expect(await find(ann(), "quetzal missing")).toEqual([]);
    expect(await find(ann(), "'); drop table answers --")).toEqual([]);
    expect(await find(ben(), "quetzal")).toEqual([]);
    expect(await find(admin(), "quetzal")).toEqual([]);
    await conversations.change(ann(), id, { title: "Okapi" });
    expect(await find(ann(), "okapi")).toEqual([[id, null, expect.stringContaining("quetzal")]]);
  });

  it("finds nothing of documents that were withdrawn meanwhile", async () => {
    const { conversations } = stores();
    const documentId = await documentFor("ann");
    await conversationOf(["What?", answerFrom([documentId, "xylophone secret"])]);
    expect(await conversations.search(ann(), ["xylophone"])).toHaveLength(1);
    await connection.db.delete(collectionGrants).where(eq(collectionGrants.subjectId, "ann"));
    expect(await conversations.search(ann(), ["xylophone"])).toEqual([]);
  });
});

async function exportOf(actor: Actor): Promise<string> {
  const all: unknown[] = [];
  const own = createPersonExport({ db: connection.db });
  for await (const one of own.conversations(actor, AbortSignal.any([]))) all.push(one);
  return JSON.stringify(all);
}

describe("a shared conversation", () => {
  it("shows each reader only what rests on documents that they may read", async () => {
    const { conversations, shares } = stores();
    const open = await documentFor("ann", "ben");
    const closed = await documentFor("ann");
    const { id } = await conversationOf([
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
    await connection.db
      .update(documents)
      .set({ deletedAt: new Date() })
      .where(eq(documents.id, open));
    expect(JSON.stringify(await shares.read(ben(), shareId))).not.toContain("zeppelin");
    expect(JSON.stringify(await conversations.get(ann(), id))).not.toContain("zeppelin");
    expect(await exportOf(ann())).not.toContain("zeppelin");
    expect(await exportOf(ann())).toContain("for Ann alone");
  });

  it("ends with its link, its conversation and its workspace", async () => {
    const { conversations, shares } = stores();
    const { id } = await conversationOf(["One?", plain]);
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
    const { conversations, collections: all, documents: store } = stores();
    const search = createChunkSearch({ database: connection.db });
    const { id } = await conversationOf(["One?", plain]);
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
