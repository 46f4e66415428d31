import { searchLanguages } from "#lib/core/rag/search-languages.ts";
import { sql } from "drizzle-orm";
import { afterAll, beforeAll, describe, expect, it } from "vitest";
import { matrix } from "./matrix-table.ts";
import { requestWithHost, type RouteServer, startRouteServer } from "./route-server.ts";
import { createTestContainer, type TestContainer } from "./test-container.ts";
import { createWorld, nobodysThings, type World } from "./world.ts";

let test: TestContainer;
let server: RouteServer;
let world: World;

beforeAll(async () => {
  test = await createTestContainer();
  server = await startRouteServer();
  world = await createWorld(test, server.origin);
});
afterAll(async () => {
  expect(server.crashes).toEqual([]);
  await server.close();
  await test.close();
});

const routes = Object.entries(matrix).map(([route, entry]) => ({
  route,
  method: route.split(" ")[0]!,
  entry,
}));
const throughHandle = routes.filter(({ route }) => route.includes("/api/"));
const reading = throughHandle.filter(({ method }) => method === "GET");
const changing = throughHandle.filter(({ method }) => method !== "GET");

const codeOf = async (response: Response): Promise<string> => {
  const body = (await response.json().catch(() => null)) as { error?: { code: string } } | null;
  return body?.error?.code ?? "";
};

/** Rows of every table with their versions: equal before and after means that nothing was written. */
async function fingerprint(): Promise<unknown> {
  const { db } = test.connection;
  const tables = await db.execute<{ name: string }>(
    sql`select relname as name from pg_stat_user_tables order by relname`,
  );
  const counts: Record<string, unknown> = {};
  for (const { name } of tables.rows) {
    // An export is written down: that is its point, and its own test sees to it.
    if (name === "audit_log") continue;
    const result = await db.execute(
      sql`select count(*)::int as rows, coalesce(max(xmin::text::bigint), 0)::text as newest from ${sql.identifier(name)}`,
    );
    counts[name] = result.rows[0];
  }
  return counts;
}

/** Answers that earlier tests began wait for a node, and would be taken for a change when they end. */
async function endAnswers(): Promise<void> {
  const { rows } = await test.connection.db.execute<{ id: string }>(
    sql`select id from answers where outcome = 'running' and owner <> 'another process'`,
  );
  const asking = Object.values(world.people);
  for (const { id } of rows)
    await Promise.all(asking.map((person) => person.send("POST", `/api/answers/${id}/stop`)));
  await expect.poll(openAnswers, { timeout: 20_000 }).toBe(0);
}

async function openAnswers(): Promise<number | undefined> {
  const result = await test.connection.db.execute<{ open: number }>(
    sql`select count(*)::int as open from answers where outcome = 'running' and owner <> 'another process'`,
  );
  return result.rows[0]?.open;
}

describe.each(routes)("$route", ({ route, method, entry }) => {
  it("sends its headers with success and failure alike", async () => {
    const things = await world.makeThings();
    for (const kind of ["nobody", "member", "owner"] as const) {
      const browser = world.people[kind];
      const cookie = browser.cookie;
      const { path, body } = entry.call(things);
      const { headers } = await browser.send(method, path, body);
      browser.cookie = cookie;
      if (route === "DELETE /api/session") await world.signIn(kind);
      expect(headers.get("cache-control")).toMatch(/^private, no-store/);
      expect(headers.get("x-content-type-options")).toBe("nosniff");
      expect(headers.get("x-powered-by")).toBeNull();
      expect(headers.get("access-control-allow-origin")).toBeNull();
      if (!route.includes("/api/")) continue;
      expect(headers.get("referrer-policy")).toBe("no-referrer");
      expect(headers.get("content-security-policy")).toContain("default-src 'none'");
      expect(headers.get("x-request-id")).toMatch(/^[0-9a-f-]{36}$/);
      for (const line of headers.getSetCookie()) expect(line).toMatch(/; HttpOnly; SameSite=Lax/i);
    }
  });
});

describe("changing requests", () => {
  const origins = (own: string): readonly (readonly [string, string | null])[] => [
    ["absent", null],
    ["null", "null"],
    ["foreign", "https://evil.example"],
    ["sibling", `http://evil.127.0.0.1.example:${new URL(own).port}`],
    ["other port", "http://127.0.0.1:9"],
    ["own with a path", `${own}/`],
    ["own", own],
  ];
  const contentTypes = [
    null,
    "text/plain",
    "application/x-www-form-urlencoded",
    "multipart/form-data; boundary=x",
    "application/json",
    "application/octet-stream",
  ];

  it.each(changing)("$route passes only from its own page with its own type", async (target) => {
    const right =
      entryBody(target) instanceof Uint8Array ? "application/octet-stream" : "application/json";
    const { path } = target.entry.call(nobodysThings());
    const cookie = world.people.admin.cookie;
    const passed: string[] = [];
    for (const [name, origin] of origins(server.origin))
      for (const type of contentTypes) {
        if (target.route === "DELETE /api/session" && name === "own" && type === right) continue;
        const response = await fetch(`${server.origin}${path}`, {
          method: target.method,
          headers: {
            cookie,
            ...(origin === null ? {} : { origin }),
            ...(type === null ? {} : { "content-type": type }),
          },
          // Bytes: fetch adds a content type of its own to text.
          body: new TextEncoder().encode("{}"),
        });
        if ((await codeOf(response)) !== "cross_origin") passed.push(`${name} ${type ?? "none"}`);
      }
    expect(passed).toEqual(target.route === "DELETE /api/session" ? [] : [`own ${right}`]);
  });

  it("are refused when the browser says they come from another site", async () => {
    for (const site of ["cross-site", "same-site", "none"]) {
      const response = await world.people.admin.send(
        "POST",
        "/api/collections",
        { name: "x", visibility: "private" },
        { "sec-fetch-site": site },
      );
      expect([response.status, await codeOf(response)]).toEqual([403, "cross_origin"]);
    }
  });

  const entryBody = ({ entry }: (typeof changing)[number]): unknown =>
    entry.call(nobodysThings()).body;
});

describe("a host that is not Drover's", () => {
  const forged = [
    "evil.example",
    "127.0.0.1.evil.example",
    "localhost.evil.example",
    "0.0.0.0",
    "[::2]",
    "user@127.0.0.1",
    "2130706433",
    "169.254.169.254",
    "drover",
    "",
  ];

  it.each(throughHandle)("is refused by $route", async ({ method, entry }) => {
    const { path, body } = entry.call(nobodysThings());
    for (const host of forged) {
      const headers = {
        host,
        cookie: world.people.admin.cookie,
        origin: `http://${host}`,
        "content-type":
          body instanceof Uint8Array ? "application/octet-stream" : "application/json",
      };
      expect((await requestWithHost(server.origin, { method, path, headers })).status).toBe(403);
    }
  });

  it("is not taken from a forwarding header", async () => {
    const headers = { host: "evil.example", "x-forwarded-host": "127.0.0.1" };
    const response = await requestWithHost(server.origin, {
      method: "GET",
      path: "/api/setup",
      headers,
    });
    expect(response.status).toBe(403);
  });
});

/** Reads a body to its end; an event stream may have none, and is left after its first piece. */
const readOrLeave = async (response: Response): Promise<void> => {
  const isStream = response.headers.get("content-type")?.startsWith("text/event-stream") ?? false;
  if (!isStream) {
    await response.arrayBuffer();
    return;
  }
  const reader = response.body?.getReader();
  await reader?.read();
  await reader?.cancel();
};

describe("GET", () => {
  it("changes nothing, whatever it is asked", async () => {
    const things = await world.makeThings();
    await endAnswers();
    const before = await fingerprint();
    for (const kind of ["nobody", "member", "owner", "admin"] as const)
      for (const { entry } of reading) {
        const { path } = entry.call(things);
        const response = await world.people[kind].send("GET", path);
        await readOrLeave(response);
      }
    expect(await fingerprint()).toEqual(before);
  });
});

describe("limits", () => {
  it("refuses a body over 1 MB without reading it whole, with or without a stated length", async () => {
    const big = JSON.stringify({ name: "x".repeat(2_000_000), visibility: "private" });
    const stated = await world.people.admin.send("POST", "/api/collections", JSON.parse(big));
    expect([stated.status, await codeOf(stated)]).toEqual([413, "payload_too_large"]);
    const endless = new ReadableStream<Uint8Array>({
      pull(controller) {
        controller.enqueue(new Uint8Array(65_536).fill(32));
      },
    });
    const response = await fetch(`${server.origin}/api/collections`, {
      method: "POST",
      headers: {
        cookie: world.people.admin.cookie,
        origin: server.origin,
        "content-type": "application/json",
      },
      body: endless,
      duplex: "half",
    } as RequestInit).catch((error: unknown) => error);
    // The server may close the connection before the client has sent all it wanted.
    if (response instanceof Response) expect(response.status).toBe(413);
    else expect(response).toBeInstanceOf(TypeError);
  });
});

describe("a collection", () => {
  it("takes only languages that every database can search", async () => {
    const create = (language: string) =>
      world.people.admin.send("POST", "/api/collections", {
        name: "L",
        visibility: "private",
        language,
      });
    const { rows } = await test.connection.db.execute<{ name: string }>(
      sql`select cfgname as name from pg_ts_config`,
    );
    const known = rows.map(({ name }) => name);
    expect(known).toEqual(expect.arrayContaining([...searchLanguages]));
    expect((await create("german")).status).toBe(201);
    expect((await create("klingon")).status).toBe(400);
  });
});

describe("a stored file", () => {
  it("leaves as an attachment of no type, whatever its name claims", async () => {
    const { collection } = await world.makeThings();
    const name = 'x"; filename=evil.html\r\nset-cookie: a=b\u202e.html.txt';
    const created = await world.people.admin.send(
      "POST",
      `/api/documents?collectionId=${collection}&fileName=${encodeURIComponent(name)}`,
      new TextEncoder().encode("<script>alert(1)</script>"),
    );
    expect(created.status).toBe(201);
    const { document } = (await created.json()) as { document: { id: string } };
    const response = await world.people.admin.send("GET", `/api/documents/${document.id}/original`);
    expect(response.status).toBe(200);
    expect(response.headers.get("content-type")).toBe("application/octet-stream");
    expect(response.headers.get("content-disposition")).toMatch(
      /^attachment; filename="[^"\r\n]*"; filename\*=UTF-8''[\w%.~!$&+^`|-]*$/,
    );
    expect(response.headers.getSetCookie()).toEqual([]);
    expect(response.headers.get("content-security-policy")).toContain("sandbox");
  });
});
