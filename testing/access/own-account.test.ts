import { afterAll, beforeAll, describe, expect, it } from "vitest";
import { type AccessLine, openAccessLine } from "./access-line.ts";
import { addPerson, type Browser, browserAt, password } from "./people.ts";
import type { RouteServer } from "./route-server.ts";
import type { TestContainer } from "./test-container.ts";

let line: AccessLine;
let test: TestContainer;
let server: RouteServer;
let admin: Browser;
let workspaceId: string;

beforeAll(async () => {
  line = await openAccessLine();
  ({ test, server, admin, workspaceId } = line);
});
afterAll(() => line.close());

const person = (name: string) =>
  addPerson(test, server.origin, { email: `${name}@example.org`, role: "member", workspaceId });
const statusOf = async (browser: Browser) => (await browser.send("GET", "/api/session")).status;
const codeOf = async (response: Response): Promise<string> =>
  ((await response.json()) as { error: { code: string } }).error.code;
const next = "another long phrase";

describe("one's own password", () => {
  it("is changed by who knows it: the other sessions end, this one goes on under a new id", async () => {
    const here = await person("anna");
    const there = browserAt(server.origin);
    await there.send("POST", "/api/session", { email: "anna@example.org", password });
    const before = here.cookie;
    const changed = await here.send("PUT", "/api/account/password", { current: password, next });
    expect(changed.status).toBe(204);
    expect(await statusOf(there)).toBe(401);
    expect(await statusOf(here)).toBe(200);
    expect(await statusOf(Object.assign(browserAt(server.origin), { cookie: before }))).toBe(401);
    const old = { email: "anna@example.org", password };
    expect((await there.send("POST", "/api/session", old)).status).toBe(401);
    expect((await there.send("POST", "/api/session", { ...old, password: next })).status).toBe(200);
  });

  it("is not changed by who does not know it, however often they guess", async () => {
    const browser = await person("bert");
    const statuses: number[] = [];
    for (let guess = 0; guess < 12; guess += 1) {
      const body = { current: `guess number ${guess}`, next };
      statuses.push((await browser.send("PUT", "/api/account/password", body)).status);
    }
    expect(statuses.slice(0, 6)).toEqual([403, 403, 403, 403, 403, 403]);
    expect(statuses.slice(7)).toEqual([429, 429, 429, 429, 429]);
    expect(await statusOf(browser)).toBe(200);
  });

  it("must be as strong as any", async () => {
    const browser = await person("cleo");
    const body = { current: password, next: "cleo@example.org" };
    expect(await codeOf(await browser.send("PUT", "/api/account/password", body))).toBe(
      "weak_password",
    );
  });
});

describe("one's own data", () => {
  const actorOf = (browser: Browser) =>
    ({ userId: browser.userId, workspaceId, role: "member" }) as const;

  it("comes as one JSON document with everything of one's own and nothing of others", async () => {
    const [own, other] = [await person("dina"), await person("emil")];
    for (const [browser, title] of [
      [own, "Mine"],
      [other, "Theirs"],
    ] as const) {
      for (let count = 0; count < 60; count += 1) {
        const actor = actorOf(browser);
        const made = await test.container.conversations.create(actor, {
          title: `${title} ${count}`,
          collectionIds: [],
        });
        if (count === 0)
          await test.container.conversations.addTurn(actor, made.id, {
            question: `${title}: what?`,
            owner: "test",
          });
      }
    }
    const response = await own.send("GET", "/api/account/export");
    expect(response.headers.get("content-disposition")).toContain("drover-export.json");
    const text = await response.text();
    const data = JSON.parse(text) as {
      user: { email: string };
      conversations: { title: string; turns: { question: string }[] }[];
      sessions: unknown[];
    };
    expect(data.user.email).toBe("dina@example.org");
    expect(new Set(data.conversations.map(({ title }) => title)).size).toBe(60);
    expect(
      data.conversations.flatMap(({ turns }) => turns.map(({ question }) => question)),
    ).toEqual(["Mine: what?"]);
    expect(data.sessions).toHaveLength(1);
    expect(text).not.toContain("Theirs");
  });

  it("is removed with the account, by who knows the password", async () => {
    const browser = await person("fritz");
    const { id } = await test.container.conversations.create(actorOf(browser), {
      title: "Gone",
      collectionIds: [],
    });
    const wrong = await browser.send("POST", "/api/account/removal", { password: "no" });
    expect(await codeOf(wrong)).toBe("wrong_password");
    const removed = await browser.send("POST", "/api/account/removal", { password });
    expect(removed.status).toBe(204);
    expect(await statusOf(browser)).toBe(401);
    await expect(test.container.conversations.get(actorOf(browser), id)).rejects.toMatchObject({
      code: "not_found",
    });
    const signIn = { email: "fritz@example.org", password };
    expect((await browserAt(server.origin).send("POST", "/api/session", signIn)).status).toBe(401);
  });

  it("carries the name that one gives oneself", async () => {
    const browser = await person("gerd");
    const renamed = await browser.send("PATCH", "/api/account", { name: "Gerd Maier" });
    expect(await renamed.json()).toMatchObject({ user: { name: "Gerd Maier" } });
  });
});

describe("somebody else's account, for an admin", () => {
  it("ends one of its sessions and leaves the others", async () => {
    const here = await person("ines");
    const there = browserAt(server.origin);
    await there.send("POST", "/api/session", { email: "ines@example.org", password });
    const path = `/api/people/${here.userId}/sessions`;
    const listed = async () =>
      ((await (await admin.send("GET", path)).json()) as { sessions: { id: string }[] }).sessions;
    const [latest, first] = await listed();
    expect((await admin.send("DELETE", `${path}/${latest?.id ?? ""}`)).status).toBe(204);
    expect([await statusOf(here), await statusOf(there)].sort()).toEqual([200, 401]);
    expect(await listed()).toEqual([first]);
    const other = await person("jon");
    const wrong = `/api/people/${other.userId}/sessions/${first?.id ?? ""}`;
    expect((await admin.send("DELETE", wrong)).status).toBe(404);
  });

  it("gets another e-mail address, which nobody else has", async () => {
    const browser = await person("kim");
    const path = `/api/people/${browser.userId}`;
    const taken = await admin.send("PATCH", path, { email: "Jon@example.org" });
    expect([taken.status, await codeOf(taken)]).toEqual([409, "email_taken"]);
    expect((await admin.send("PATCH", path, { email: "Kim.Park@example.org" })).status).toBe(200);
    expect(await statusOf(browser)).toBe(200);
    const signIn = async (email: string) =>
      (await browserAt(server.origin).send("POST", "/api/session", { email, password })).status;
    expect(await signIn("kim@example.org")).toBe(401);
    expect(await signIn("kim.park@example.org")).toBe(200);
  });
});
