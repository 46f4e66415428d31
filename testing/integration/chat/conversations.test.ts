import { eq } from "drizzle-orm";
import { afterAll, beforeAll, describe, expect, it } from "vitest";
import { collectionGrants } from "#drizzle/schema/index.ts";
import type { Actor } from "#lib/core/access/actor.ts";
import { searchWords } from "#lib/core/chat/search-words.ts";
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

describe("a conversation begun with its first question", () => {
  const first = { title: "One?", question: "One?", owner: "test" };

  it("is as one that was made empty and then asked: shown, found by its words, and followed", async () => {
    const { conversations, answers } = data.stores;
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
    const { conversations, collections: store } = data.stores;
    const secret = await store.create(admin(), { name: "Secret", visibility: "private" });
    const before = (await conversations.list(ann())).length;
    await expect(
      conversations.addFirstTurn(ann(), { ...first, collectionIds: [secret.id] }),
    ).rejects.toMatchObject({ code: "not_found" });
    expect(await conversations.list(ann())).toHaveLength(before);
  });
});

describe("a long conversation", () => {
  it("gives its newest turns alone where they are asked for, to its owner", async () => {
    const { conversations } = data.stores;
    const { id } = await data.conversationOf(["one", plain], ["two", plain], ["three", plain]);
    const all = await conversations.get(ann(), id);
    const { conversation, turns } = await conversations.get(ann(), id, 2);
    expect(conversation).toEqual(all.conversation);
    expect(turns).toEqual(all.turns.slice(1));
    expect((await conversations.get(ann(), id, 5)).turns).toEqual(all.turns);
    await expect(conversations.get(ben(), id, 2)).rejects.toMatchObject({ code: "not_found" });
  });
});

describe("branches", () => {
  it("asking again at a place keeps both answers and what followed each", async () => {
    const { conversations } = data.stores;
    const { id, answerIds } = await data.conversationOf(
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
    const { conversations } = data.stores;
    const mine = await data.conversationOf(["one", plain]);
    const other = await data.conversationOf(["other", plain]);
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
    const { conversations } = data.stores;
    const { id } = await data.conversationOf(["one", plain]);
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
    const { conversations } = data.stores;
    const { id } = await data.conversationOf(
      ["Hello!", plain],
      ["What is the fee for berths?", plain],
    );
    const title = async () => (await conversations.get(ann(), id)).conversation.title;
    expect(await title()).toBe("Fee for berths");
    await conversations.addTurn(ann(), id, { question: "And for sheds?", owner: "test" });
    expect(await title()).toBe("Fee for berths");
    const greeted = await data.conversationOf(["Hello!", plain]);
    await conversations.change(ann(), greeted.id, { title: "Hello" });
    await conversations.addTurn(ann(), greeted.id, { question: "A fee?", owner: "test" });
    expect((await conversations.get(ann(), greeted.id)).conversation.title).toBe("Hello");
  });

  it("finds words of titles, questions and answers, and only their owner's", async () => {
    const { conversations } = data.stores;
    const documentId = await data.documentFor("ann", "ben");
    const { id, answerIds } = await data.conversationOf([
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
    const { conversations } = data.stores;
    const documentId = await data.documentFor("ann");
    await data.conversationOf(["What?", answerFrom([documentId, "xylophone secret"])]);
    expect(await conversations.search(ann(), ["xylophone"])).toHaveLength(1);
    await data.connection.db.delete(collectionGrants).where(eq(collectionGrants.subjectId, "ann"));
    expect(await conversations.search(ann(), ["xylophone"])).toEqual([]);
  });
});
