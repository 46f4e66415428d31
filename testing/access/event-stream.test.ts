import { emptyAnswer } from "#lib/core/chat/fold-answer.ts";
import { afterAll, beforeAll, describe, expect, it } from "vitest";
import { documents } from "#drizzle/schema/index.ts";
import { createAnswerStore } from "#lib/adapters/database/answer-store.ts";
import { createProcessPresence } from "#lib/adapters/database/process-presence.ts";
import { type AccessLine, openAccessLine } from "./access-line.ts";
import { addPerson, type Browser } from "./people.ts";
import type { RouteServer } from "./route-server.ts";
import type { TestContainer } from "./test-container.ts";

let line: AccessLine;
let test: TestContainer;
let server: RouteServer;
let admin: Browser;
let workspaceId: string;

beforeAll(async () => {
  line = await openAccessLine("scripted");
  ({ test, server, admin, workspaceId } = line);
});
afterAll(() => line.close());

const person = (name: string) =>
  addPerson(test, server.origin, { email: `${name}@example.org`, role: "member", workspaceId });

async function ask(browser: Browser, question: string): Promise<{ answerId: string }> {
  const response = await browser.send("POST", "/api/conversations", {
    question,
    collectionIds: [],
  });
  expect(response.status).toBe(201);
  return (await response.json()) as { answerId: string };
}

/** Reads until `until` stands in what came, or to the end. */
async function readUntil(response: Response, until: string | null): Promise<string> {
  const reader = response.body!.getReader();
  const decoder = new TextDecoder();
  let text = "";
  while (until === null || !text.includes(until)) {
    const { done, value } = await reader.read();
    if (done) return text;
    text += decoder.decode(value, { stream: true });
  }
  await reader.cancel();
  return text;
}

describe("GET /api/answers/[id]/events", () => {
  it("streams the answer, goes on after a number, and outlives its reader", async () => {
    const browser = await person("reads");
    const { answerId } = await ask(browser, "What is new?");
    const path = `/api/answers/${answerId}/events`;
    const first = await browser.send("GET", path);
    expect(first.status).toBe(200);
    expect(first.headers.get("cache-control")).toContain("no-transform");
    expect(await readUntil(first, "id: 1")).toContain("You asked: What is new?");

    const tail = browser.send("GET", `${path}?after=1`);
    const resumed = browser.send("GET", path, undefined, { "last-event-id": "1" });
    expect((await browser.send("POST", `/api/answers/${answerId}/stop`)).status).toBe(202);
    for (const response of [await tail, await resumed]) {
      const text = await readUntil(response, null);
      expect(text).not.toContain("id: 1\n");
      expect(text).toContain("id: 2\n");
      expect(text).toContain('"outcome":"stopped"');
      expect(text).toMatch(/event: end\ndata: \{\}\n\n$/);
    }
    const stored = await test.container.conversations.ownAnswer(
      { userId: browser.userId, workspaceId, role: "member" },
      answerId,
    );
    expect(stored.outcome).toBe("stopped");
  });

  it("ends within seconds when the session it came with is ended elsewhere", async () => {
    const browser = await person("loses-session");
    const { answerId } = await ask(browser, "Still there?");
    const response = await browser.send("GET", `/api/answers/${answerId}/events`);
    const rest = readUntil(response, null);
    await browser.send("DELETE", "/api/session");
    const text = await rest;
    expect(text).toContain("id: 1\n");
    expect(text).not.toContain("event: end");
  });

  it("holds at most eight open connections a person, and gives places back", async () => {
    const browser = await person("many-tabs");
    const { answerId } = await ask(browser, "How many?");
    const path = `/api/answers/${answerId}/events`;
    const open = await Promise.all(Array.from({ length: 8 }, () => browser.send("GET", path)));
    expect(open.map((response) => response.status)).toEqual(Array(8).fill(200));
    const ninth = await browser.send("GET", path);
    expect([ninth.status, ninth.headers.get("retry-after")]).toEqual([429, "5"]);
    await open[0]!.body!.cancel();
    await expect
      .poll(async () => {
        const response = await browser.send("GET", path);
        await response.body?.cancel();
        return response.status;
      })
      .toBe(200);
    await Promise.all(open.slice(1).map((response) => response.body!.cancel()));
  });
});

describe("GET /api/events", () => {
  const toldIn = (text: string) =>
    [...text.matchAll(/^data: (\{"topic".*)$/gm)].map(
      ([, data]) => JSON.parse(data ?? "") as { topic: string; seq?: number; over?: string },
    );

  it("brings several answers over one connection, each behind its own number, and says when one is over", async () => {
    const browser = await person("follows-two");
    const [one, other] = [await ask(browser, "First?"), await ask(browser, "Second?")];
    const path = `/api/events?answers=${one.answerId}.0,${other.answerId}.1`;
    const response = await browser.send("GET", path);
    const rest = readUntil(response, null);
    for (const { answerId } of [one, other])
      await browser.send("POST", `/api/answers/${answerId}/stop`);
    const text = await rest;
    const told = toldIn(text);
    const of = ({ answerId }: { answerId: string }) =>
      told.filter(({ topic }) => topic === `answers/${answerId}`);
    expect(of(one).map(({ seq, over }) => over ?? seq)).toEqual([1, 2, "ended"]);
    expect(of(other).map(({ seq, over }) => over ?? seq)).toEqual([2, "ended"]);
    expect(text).toMatch(/event: end\ndata: \{\}\n\n$/);
  });

  it("says of somebody else's answer what it says of one that does not exist, and shows the cluster to admins", async () => {
    const [browser, other] = [await person("follows-own"), await person("follows-others")];
    const { answerId } = await ask(browser, "Mine?");
    expect((await other.send("GET", `/api/events?answers=${answerId}.0`)).status).toBe(404);
    const own = await ask(other, "Theirs?");
    const both = await other.send("GET", `/api/events?answers=${answerId}.0,${own.answerId}.0`);
    const rest = readUntil(both, null);
    await other.send("POST", `/api/answers/${own.answerId}/stop`);
    const told = toldIn(await rest).filter(({ topic }) => topic === `answers/${answerId}`);
    expect(told).toEqual([{ topic: `answers/${answerId}`, over: "gone" }]);
    await browser.send("POST", `/api/answers/${answerId}/stop`);
    expect((await other.send("GET", "/api/events?cluster=1")).status).toBe(403);
    expect((await other.send("GET", "/api/events?answers=x.0")).status).toBe(400);
    const shown = await admin.send("GET", "/api/events?cluster=1");
    expect(toldIn(await readUntil(shown, '"topic":"cluster"'))).toHaveLength(1);
  });
});

describe("a question asked with Accept: text/event-stream", () => {
  const asEvents = { accept: "text/event-stream" };
  const startedIn = (text: string) =>
    JSON.parse(/^event: started\ndata: (.*)\n\n/.exec(text)?.[1] ?? "") as Record<string, unknown>;

  it("is answered with what was started and the events, and outlives its reader", async () => {
    const browser = await person("reads-at-once");
    const body = { question: "What is new?", collectionIds: [] };
    const response = await browser.send("POST", "/api/conversations", body, asEvents);
    expect(response.status).toBe(200);
    const text = await readUntil(response, "id: 1");
    const { answerId, conversation, turn } = startedIn(text);
    expect([typeof answerId, turn]).toEqual(["string", 0]);
    const { id } = conversation as { id: string };

    const events = await browser.send("GET", `/api/answers/${String(answerId)}/events`);
    const rest = readUntil(events, null);
    const turns = `/api/conversations/${id}/turns`;
    const next = await browser.send("POST", turns, { question: "And then?" }, asEvents);
    const nextText = readUntil(next, null);
    const stop = (which: unknown) =>
      browser.send("POST", `/api/answers/${String(which)}/stop`).then(({ status }) => status);
    expect(await stop(answerId)).toBe(202);
    expect(await rest).toMatch(/id: 1\n[^]*"outcome":"stopped"[^]*event: end\ndata: \{\}\n\n$/);
    const { turns: stored } = (await (
      await browser.send("GET", `/api/conversations/${id}`)
    ).json()) as { turns: { answerId: string }[] };
    expect(await stop(stored[1]!.answerId)).toBe(202);
    expect(startedIn(await nextText)).toEqual({ answerId: stored[1]!.answerId, turn: 1 });
  });

  it("is refused before it is stored when the person holds all their streams", async () => {
    const browser = await person("many-questions");
    const { answerId } = await ask(browser, "How many?");
    const path = `/api/answers/${answerId}/events`;
    const open = await Promise.all(Array.from({ length: 8 }, () => browser.send("GET", path)));
    const body = { question: "One more?", collectionIds: [] };
    const refused = await browser.send("POST", "/api/conversations", body, asEvents);
    expect([refused.status, refused.headers.get("retry-after")]).toEqual([429, "5"]);
    const list = await browser.send("GET", "/api/conversations");
    const { conversations } = (await list.json()) as { conversations: unknown[] };
    expect(conversations).toHaveLength(1);
    await Promise.all(open.map((response) => response.body!.cancel()));
  });

  it("gives its place back when the question is refused", async () => {
    const browser = await person("asks-elsewhere");
    const elsewhere = "/api/conversations/00000000-0000-4000-8000-000000000000/turns";
    for (let asked = 0; asked < 9; asked += 1) {
      const response = await browser.send("POST", elsewhere, { question: "Whose?" }, asEvents);
      expect(response.status).toBe(404);
    }
  });
});

describe("a conversation", () => {
  it("hides what rests on a collection that its owner may no longer read", async () => {
    const browser = await person("loses-right");
    const actor = { userId: browser.userId, workspaceId, role: "member" as const };
    const [readable] = await test.container.collections.list(actor);
    const { answerId } = await ask(browser, "What does it say?");
    const [document] = await test.connection.db
      .insert(documents)
      .values({
        collectionId: readable!.id,
        title: "Plan",
        fileName: "plan.txt",
        mediaType: "text/plain",
        bytes: 1,
        contentHash: "plan",
        fileKey: "plan",
        createdBy: admin.userId,
      })
      .returning({ id: documents.id });
    const source = {
      citation: 1,
      chunkId: "c",
      documentId: document!.id,
      versionId: "v",
      documentTitle: "Plan",
      collectionId: readable!.id,
      collectionName: readable!.name,
      headingPath: [],
      page: null,
      charStart: 0,
      charEnd: 9,
      text: "classified words",
      score: 1,
    };
    const stored = await createAnswerStore({ db: test.connection.db }).finish(
      answerId,
      "complete",
      {
        sources: [source],
        quotes: [{ citation: 1, text: "classified words", charStart: 0, charEnd: 9 }],
        verdict: "answerable",
        sentences: [{ text: "It says classified words.", citations: [1], supported: true }],
        openText: "",
        notices: [],
        model: null,
        outcome: "complete",
        error: null,
      },
    );
    expect(stored).toBe(true);
    const list = await browser.send("GET", "/api/conversations");
    const { conversations } = (await list.json()) as { conversations: { id: string }[] };
    const read = async () =>
      (await browser.send("GET", `/api/conversations/${conversations[0]!.id}`)).text();
    expect(await read()).toContain("classified words");

    await test.container.collections.update(
      { userId: admin.userId, workspaceId, role: "admin" },
      readable!.id,
      { visibility: "private" },
    );
    const after = await read();
    expect(after).not.toContain("classified words");
    expect(after).toContain("withdrawn");
    // Its events are still in memory, and are not handed out any more.
    expect((await browser.send("GET", `/api/answers/${answerId}/events`)).status).toBe(204);
  });

  it("leaves an answer alone whose process lives, keeps the evidence of one whose process died, and says that it was interrupted", async () => {
    const browser = await person("interrupted");
    const { answerId } = await ask(browser, "What is said?");
    const store = createAnswerStore({ db: test.connection.db });
    const quotes = [{ citation: 1, text: "What was said.", charStart: 0, charEnd: 14 }];
    await store.keep(answerId, { ...emptyAnswer, quotes });
    const list = await browser.send("GET", "/api/conversations");
    const { conversations } = (await list.json()) as { conversations: { id: string }[] };
    const turn = async () => {
      const response = await browser.send("GET", `/api/conversations/${conversations[0]!.id}`);
      return ((await response.json()) as { turns: Record<string, unknown>[] }).turns[0];
    };
    const { db: database, pool } = test.connection;
    const { rows } = await pool.query<{ owner: string }>(
      "select owner from answers where id = $1",
      [answerId],
    );
    const presence = createProcessPresence({ database, owner: rows[0]!.owner });
    await presence.renew(60_000);
    await store.interruptAbandoned("another process");
    expect(await turn()).toMatchObject({ outcome: "running", snapshot: null });
    await presence.leave();
    expect(await store.interruptAbandoned("the next process")).toBeGreaterThan(0);
    expect(await turn()).toMatchObject({
      outcome: "interrupted",
      snapshot: { quotes, outcome: "interrupted", sentences: [] },
    });
  });
});
