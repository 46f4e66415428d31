import { desc, eq, sql } from "drizzle-orm";
import { afterAll, beforeAll, describe, expect, it } from "vitest";
import { accounts, auditLog, sessions, users } from "#drizzle/schema/index.ts";
import { createReadCurrentSession } from "#lib/adapters/auth/current-session.ts";
import { readSecretFile } from "#lib/adapters/system/secret-file.ts";
import { type AccessLine, openAccessLine } from "./access-line.ts";
import { addPerson, type Browser, browserAt, password, suspend } from "./people.ts";
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

const codeOf = async (response: Response): Promise<string> =>
  ((await response.json()) as { error: { code: string } }).error.code;
const person = (name: string) =>
  addPerson(test, server.origin, { email: `${name}@example.org`, role: "member", workspaceId });
const signIn = (email: string, chosen = password, browser = browserAt(server.origin)) =>
  browser.send("POST", "/api/session", { email, password: chosen });
const statusOf = async (browser: Browser) => (await browser.send("GET", "/api/session")).status;

describe("first admin", () => {
  it("is signed in by the set-up link and finds a collection for everyone", async () => {
    const response = await admin.send("GET", "/api/session");
    expect(await response.json()).toMatchObject({
      user: { email: "ada@example.org", role: "admin" },
      workspace: { name: "Works" },
    });
    const member = await person("reads-default");
    const { collections } = (await (await member.send("GET", "/api/collections")).json()) as {
      collections: { name: string; right: string }[];
    };
    expect(collections.map(({ name, right }) => [name, right])).toEqual([["Documents", "read"]]);
  });
});

describe("sign-in", () => {
  it("answers alike for an unknown, a mistyped and a suspended person", async () => {
    const gone = await person("gone");
    expect(await statusOf(gone)).toBe(200);
    await suspend(test, gone);
    expect(await statusOf(gone)).toBe(401);
    for (const email of ["nobody@example.org", "ada@example.org", "gone@example.org"]) {
      const response = await signIn(email, email.startsWith("ada") ? `${password}!` : password);
      expect([response.status, await codeOf(response)]).toEqual([401, "sign_in_failed"]);
      expect(response.headers.getSetCookie()).toEqual([]);
    }
    const left = await test.connection.db
      .select()
      .from(sessions)
      .where(eq(sessions.userId, gone.userId));
    // The one from before the suspension; the new attempt left none.
    expect(left).toHaveLength(1);
  });

  it("begins a new session and ends the one that the browser came with", async () => {
    const browser = await person("rotates");
    const before = browser.cookie;
    expect((await signIn("rotates@example.org", password, browser)).status).toBe(200);
    expect(browser.cookie).not.toBe(before);
    expect(await statusOf(browser)).toBe(200);
    expect(await statusOf(Object.assign(browserAt(server.origin), { cookie: before }))).toBe(401);
  });

  it("never keeps a session id that the client chose", async () => {
    const chosen = `${admin.cookie.split("=")[0]}=chosen-by-an-attacker.AAAA`;
    const browser = Object.assign(browserAt(server.origin), { cookie: chosen });
    await person("fixated");
    await signIn("fixated@example.org", password, browser);
    expect(browser.cookie).not.toContain("chosen-by-an-attacker");
    expect(await statusOf(Object.assign(browserAt(server.origin), { cookie: chosen }))).toBe(401);
  });

  it("slows a guesser down without looking at further passwords, even the right one", async () => {
    await person("guessed");
    const codes: string[] = [];
    for (let attempt = 0; attempt < 7; attempt += 1)
      codes.push(await codeOf(await signIn("guessed@example.org", `wrong guess ${attempt}`)));
    expect(codes).toEqual([...Array<string>(6).fill("sign_in_failed"), "rate_limited"]);
    const refused = await signIn("guessed@example.org");
    expect(refused.status).toBe(429);
    expect(Number(refused.headers.get("retry-after"))).toBeGreaterThan(0);
  });

  it("stores passwords as Argon2id of 19 MiB and two passes", async () => {
    const [row] = await test.connection.db
      .select()
      .from(accounts)
      .where(eq(accounts.userId, admin.userId));
    expect(row?.password).toMatch(/^\$argon2id\$v=19\$m=19456,t=2,p=1\$/);
  });
});

describe("a session", () => {
  it("ends at sign-out, at once", async () => {
    const browser = await person("leaves");
    const cookie = browser.cookie;
    expect((await browser.send("DELETE", "/api/session")).status).toBe(204);
    expect(browser.cookie).toBe("");
    expect(await statusOf(Object.assign(browserAt(server.origin), { cookie }))).toBe(401);
  });

  it("is read in one statement as long as it is an ordinary one, and else left to the account library", async () => {
    const browser = await person("read-quickly");
    const { config } = test.container;
    const settings = {
      secret: await readSecretFile(config.secretFile),
      origin: config.publicOrigin ?? server.origin,
    };
    const reading = createReadCurrentSession(test.connection.preparing, settings);
    const read = (cookies: string, at: number) => reading(new Headers({ cookie: cookies }), at);
    const { cookie } = browser;
    const [name = "", value = ""] = cookie.split("=");
    const now = Date.now();
    expect(await read(`theme=dark; ${cookie}; other=1`, now)).toMatchObject({
      actor: { userId: browser.userId, workspaceId, role: "member" },
    });
    const plain = decodeURIComponent(value);
    const [token = "", signature = ""] = plain.split(".");
    const foreign = decodeURIComponent(admin.cookie.split("=")[1] ?? "").split(".");
    const hour = 3_600_000;
    const refused: readonly (readonly [string, number])[] = [
      ["", now],
      [`${name}=${token}`, now],
      [`${name}=${token}.${signature.slice(1)}`, now],
      [`${name}=${token}.${foreign[1] ?? ""}`, now],
      [`${name}=${foreign[0] ?? ""}.${signature}`, now],
      [`${name}=%E0%A4%A`, now],
      [`${cookie}; ${cookie}`, now],
      [cookie.replace(name, `x${name}`), now],
      // Due to be renewed, run out, too old.
      [cookie, now + 301_000],
      [cookie, now + 13 * hour],
      [cookie, now + 31 * 24 * hour],
    ];
    for (const [cookies, at] of refused) expect(await read(cookies, at)).toBeNull();
    await suspend(test, browser);
    expect(await read(cookie, now)).toBeNull();
    const others = createReadCurrentSession(test.connection.preparing, {
      ...settings,
      secret: `${settings.secret}!`,
    });
    expect(await others(new Headers({ cookie: admin.cookie }), now)).toBeNull();
    expect(await read(admin.cookie, now)).toMatchObject({ actor: { role: "admin" } });
  });

  it("can be ended from another one, and the list says which is which", async () => {
    const phone = await person("two-devices");
    const desk = browserAt(server.origin);
    await signIn("two-devices@example.org", password, desk);
    const { sessions: list } = (await (await desk.send("GET", "/api/sessions")).json()) as {
      sessions: { id: string; current: boolean }[];
    };
    expect(list.map(({ current }) => current).sort()).toEqual([false, true]);
    const other = list.find(({ current }) => !current)!;
    expect((await desk.send("DELETE", `/api/sessions/${other.id}`)).status).toBe(204);
    expect(await statusOf(phone)).toBe(401);
    expect(await statusOf(desk)).toBe(200);
  });

  it("ends after 12 hours of quiet and after 30 days in any case", async () => {
    const { db } = test.connection;
    const browser = await person("idles");
    const mine = eq(sessions.userId, browser.userId);
    const [row] = await db.select().from(sessions).where(mine);
    const idleMs = row!.expiresAt.getTime() - Date.now();
    expect(idleMs).toBeGreaterThan(11.9 * 3_600_000);
    expect(idleMs).toBeLessThanOrEqual(12 * 3_600_000);

    await db
      .update(sessions)
      .set({ expiresAt: sql`now() + interval '1 hour'` })
      .where(mine);
    // A page looks who asks but cannot send a cookie on: renewing there would leave the browser with the old one.
    const headers = new Headers({ cookie: browser.cookie });
    expect(await test.container.accounts.authenticate(headers)).not.toBeNull();
    const [looked] = await db.select().from(sessions).where(mine);
    expect(looked!.expiresAt.getTime() - Date.now()).toBeLessThanOrEqual(3_600_000);
    const renewal = await browser.send("GET", "/api/session");
    expect(renewal.status).toBe(200);
    expect(renewal.headers.getSetCookie()[0]).toContain("Max-Age=43200");
    const [renewed] = await db.select().from(sessions).where(mine);
    expect(renewed!.expiresAt.getTime() - Date.now()).toBeGreaterThan(11.9 * 3_600_000);

    await db
      .update(sessions)
      .set({ createdAt: sql`now() - interval '30 days 1 minute'` })
      .where(mine);
    expect(await statusOf(browser)).toBe(401);
    expect(await db.select().from(sessions).where(mine)).toEqual([]);

    await signIn("idles@example.org", password, browser);
    await db
      .update(sessions)
      .set({ expiresAt: sql`now() - interval '1 second'` })
      .where(mine);
    expect(await statusOf(browser)).toBe(401);
  });

  it("does not hold when its cookie is changed by one character", async () => {
    for (const place of [20, 40, -3]) {
      const at = place < 0 ? admin.cookie.length + place : place;
      const other = admin.cookie[at] === "A" ? "B" : "A";
      const cookie = `${admin.cookie.slice(0, at)}${other}${admin.cookie.slice(at + 1)}`;
      expect(await statusOf(Object.assign(browserAt(server.origin), { cookie }))).toBe(401);
    }
  });
});

describe("a role", () => {
  it("counts as it stands at each request", async () => {
    const browser = await person("rises");
    const create = async () =>
      (await browser.send("POST", "/api/collections", { name: "R", visibility: "private" })).status;
    const become = (role: "admin" | "member") =>
      test.connection.db.update(users).set({ role }).where(eq(users.id, browser.userId));
    expect(await create()).toBe(403);
    await become("admin");
    expect(await create()).toBe(201);
    await become("member");
    expect(await create()).toBe(403);
  });
});

describe("the audit log", () => {
  it("has one row for each of these, without any secret", async () => {
    const { db } = test.connection;
    const [last] = await db.select().from(auditLog).orderBy(desc(auditLog.id)).limit(1);
    const browser = browserAt(server.origin);
    await signIn("ada@example.org", password, browser);
    await signIn("ada@example.org", "a wrong password indeed");
    const created = await browser.send("POST", "/api/collections", {
      name: "Audited",
      visibility: "private",
    });
    const { collection } = (await created.json()) as { collection: { id: string } };
    await browser.send("PATCH", `/api/collections/${collection.id}`, { description: "words" });
    await browser.send("DELETE", `/api/collections/${collection.id}`);
    await browser.send("DELETE", "/api/session");
    const rows = await db
      .select()
      .from(auditLog)
      .where(sql`${auditLog.id} > ${last?.id ?? 0}`)
      .orderBy(auditLog.id);
    expect(rows.map(({ action }) => action)).toEqual([
      "session.start",
      "session.refuse",
      "collection.create",
      "collection.change",
      "collection.remove",
      "session.end",
    ]);
    expect(JSON.stringify(rows)).not.toMatch(/password|phrase|words/);
  });
});
