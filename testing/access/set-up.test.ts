import { createHash } from "node:crypto";
import { eq, sql } from "drizzle-orm";
import { afterAll, beforeAll, beforeEach, describe, expect, it } from "vitest";
import { accounts, oneTimeTokens, sessions, users, workspaces } from "#drizzle/schema/index.ts";
import { browserAt, password } from "./people.ts";
import { type RouteServer, startRouteServer } from "./route-server.ts";
import { createTestContainer, type TestContainer } from "./test-container.ts";

let test: TestContainer;
let server: RouteServer;

beforeAll(async () => {
  test = await createTestContainer();
  server = await startRouteServer();
});
beforeEach(async () => {
  await test.connection.db.execute(sql`truncate ${workspaces}, ${users}, ${oneTimeTokens} cascade`);
});
afterAll(async () => {
  expect(server.crashes).toEqual([]);
  await server.close();
  await test.close();
});

const newToken = async (): Promise<string> => {
  const link = await test.container.accounts.announce();
  return new URL(link ?? "").hash.replace("#token=", "");
};

const setUp = (token: string, person = "ada", chosen = password): Promise<Response> =>
  browserAt(server.origin).send("POST", "/api/setup", {
    token,
    workspaceName: "Works",
    name: person,
    email: `${person}@example.org`,
    password: chosen,
  });

const codeOf = async (response: Response): Promise<string> =>
  ((await response.json()) as { error: { code: string } }).error.code;

describe("set-up", () => {
  it("makes exactly one admin of 100 valid set-ups at the same time, and is closed for ever after", async () => {
    const token = await newToken();
    const responses = await Promise.all(
      Array.from({ length: 100 }, (_, index) => setUp(token, `person${index}`)),
    );
    const statuses = responses.map((response) => response.status);
    expect(statuses.filter((status) => status === 201)).toHaveLength(1);
    expect(new Set(statuses)).not.toContain(500);
    const { db } = test.connection;
    expect(await db.select().from(users)).toHaveLength(1);
    expect(await db.select().from(accounts)).toHaveLength(1);
    expect(await db.select().from(workspaces)).toHaveLength(1);

    expect(await codeOf(await setUp(token))).toBe("setup_closed");
    await db.delete(users);
    expect((await setUp(token)).status).toBe(410);
    expect(await test.container.accounts.announce()).toBeNull();
    const answer = await browserAt(server.origin).send("GET", "/api/setup");
    expect(await answer.json()).toEqual({ open: false });
  });

  it("makes one workspace when two replicas have each announced a link of their own", async () => {
    const { db } = test.connection;
    const tokens = ["first replica", "second replica", "third replica"];
    await db.insert(oneTimeTokens).values(
      tokens.map((token) => ({
        tokenHash: createHash("sha256").update(token).digest("hex"),
        purpose: "setup" as const,
        expiresAt: new Date(Date.now() + 60_000),
      })),
    );
    const responses = await Promise.all(tokens.map((token) => setUp(token, token.split(" ")[0])));
    const statuses = responses.map((response) => response.status);
    expect(statuses.sort()).toEqual([201, 410, 410]);
    expect(await db.select().from(workspaces)).toHaveLength(1);
  });

  it("takes no token that is wrong, replaced or 15 minutes old, and makes nothing of it", async () => {
    const replaced = await newToken();
    const token = await newToken();
    for (const wrong of ["x", replaced, `${token}x`, token.toLowerCase()])
      expect(await codeOf(await setUp(wrong))).toBe("setup_token_invalid");
    const { db } = test.connection;
    const [row] = await db.select().from(oneTimeTokens);
    expect(row!.expiresAt.getTime() - Date.now()).toBeLessThanOrEqual(15 * 60_000);
    await db.update(oneTimeTokens).set({ expiresAt: new Date(Date.now() - 1) });
    expect(await codeOf(await setUp(token))).toBe("setup_token_invalid");
    expect(await db.select().from(users)).toEqual([]);
    expect(await db.select().from(workspaces)).toEqual([]);
  });

  it("keeps no usable token in the database", async () => {
    const token = await newToken();
    const rows = await test.connection.db.select().from(oneTimeTokens);
    expect(JSON.stringify(rows)).not.toContain(token);
    expect(rows[0]?.tokenHash).toMatch(/^[0-9a-f]{64}$/);
    expect(Buffer.from(token, "base64url")).toHaveLength(32);
  });

  it("refuses a weak password and leaves the link usable", async () => {
    const token = await newToken();
    for (const weak of [
      "short",
      "password12345",
      "aaaaaaaaaaaaaaaa",
      "ada@example.org",
      "x".repeat(1_025),
    ]) {
      const response = await setUp(token, "ada", weak);
      expect([response.status, await codeOf(response)]).toEqual([400, "weak_password"]);
    }
    expect((await setUp(token)).status).toBe(201);
  });
});

describe("a reset link", () => {
  it("works once, ends every session of the person and changes the password", async () => {
    await setUp(await newToken());
    const browser = browserAt(server.origin);
    await browser.send("POST", "/api/session", { email: "ada@example.org", password });
    const link = await test.container.accounts.resetLink("Ada@Example.org");
    const token = new URL(link).hash.replace("#token=", "");
    const reset = (chosen: string) =>
      browserAt(server.origin).send("POST", "/api/password-reset", { token, password: chosen });

    expect(await codeOf(await reset("too short"))).toBe("weak_password");
    expect((await reset("an entirely new phrase")).status).toBe(204);
    expect(await codeOf(await reset("yet another new phrase"))).toBe("reset_token_invalid");
    expect((await browser.send("GET", "/api/session")).status).toBe(401);
    expect(await test.connection.db.select().from(sessions)).toEqual([]);
    const signIn = (chosen: string) =>
      browserAt(server.origin).send("POST", "/api/session", {
        email: "ada@example.org",
        password: chosen,
      });
    expect((await signIn(password)).status).toBe(401);
    expect((await signIn("an entirely new phrase")).status).toBe(200);
  });

  it("is no set-up link, and the other way round", async () => {
    const setupToken = await newToken();
    const asReset = await browserAt(server.origin).send("POST", "/api/password-reset", {
      token: setupToken,
      password,
    });
    expect(await codeOf(asReset)).toBe("reset_token_invalid");
    expect((await setUp(setupToken)).status).toBe(201);
    const [row] = await test.connection.db
      .select()
      .from(oneTimeTokens)
      .where(eq(oneTimeTokens.purpose, "setup"));
    expect(row?.usedAt).not.toBeNull();
  });
});
