import { readFile } from "node:fs/promises";
import { connect } from "node:net";
import { join } from "node:path";
import { afterAll, beforeAll, describe, expect, it } from "vitest";
import { type BuiltApp, startBuiltAppWithoutProxy } from "./built-app.ts";
import { admitted, refusal } from "./matrix-rights.ts";
import type { Things } from "./matrix-entry.ts";
import { matrix } from "./matrix-table.ts";
import { createTestContainer, type TestContainer } from "./test-container.ts";
import { requestSpellings } from "./request-spellings.ts";
import { actorKinds, createWorld, type World } from "./world.ts";

let test: TestContainer;
let app: BuiltApp;
let world: World;
let things: Things;

beforeAll(async () => {
  test = await createTestContainer();
  const { config } = test.container;
  app = await startBuiltAppWithoutProxy({
    DATABASE_URL: test.connection.url,
    DROVER_DATA_DIR: config.dataDir,
    OLLAMA_NODES: "http://127.0.0.1:9",
  });
  world = await createWorld(test, app.origin);
  things = await world.makeThings();
}, 300_000);
afterAll(async () => {
  await app.close();
  await test.close();
});

const statusOf = async (kind: keyof World["people"], route: string): Promise<number> => {
  const browser = world.people[kind];
  const { cookie } = browser;
  const { path, body } = matrix[route]!.call(things);
  const response = await browser.send(route.split(" ")[0]!, path, body);
  await response.body?.cancel();
  browser.cookie = cookie;
  return response.status;
};

describe("the built app, its proxy file deleted", () => {
  it("runs without the proxy", async () => {
    const page = await fetch(`${app.origin}/sign-in`);
    expect(page.status).toBe(200);
    expect(page.headers.get("content-security-policy")).toBeNull();
  });

  // What is refused changes nothing, so all routes may be tried on the same things; what is admitted is tried where it only reads.
  it.each(Object.entries(matrix))(
    "refuses as the table says, and answers the rest: %s",
    async (route, entry) => {
      const reads = route.startsWith("GET ");
      const expected: Record<string, number> = {};
      const got: Record<string, number> = {};
      for (const kind of actorKinds) {
        const may = admitted[entry.need].includes(kind);
        if (may && !reads) continue;
        expected[kind] = may ? entry.ok : refusal(entry, kind);
        got[kind] = await statusOf(kind, route);
      }
      expect(got).toEqual(expected);
    },
  );

  it.each(["/", "/admin/documents"])("shows nobody the page %s", async (path) => {
    const page = await fetch(app.origin + path, { redirect: "manual" });
    expect([page.status, page.headers.get("location")]).toEqual([
      307,
      expect.stringMatching(/^\/sign-in/),
    ]);
  });
});

describe("the page of a chat", () => {
  /** Without what is new in each response: the address's own id, and in which order the parts that React streams were done. */
  const pageOf = async (kind: keyof World["people"], id: string): Promise<[number, string]> => {
    const { cookie } = world.people[kind];
    const response = await fetch(`${app.origin}/c/${id}`, { headers: { cookie } });
    const parts = (await response.text()).replaceAll(id, "ID").split(String.raw`\n`);
    const named = parts.map((part) =>
      part.replace(/^[\da-f]+:/u, "").replaceAll(/\$([LQ@]?)[\da-f]+\b/gu, "$$$1"),
    );
    return [response.status, named.sort().join("\n")];
  };

  it("holds its words for its owner, before any script has run", async () => {
    const [status, html] = await pageOf("owner", things.conversation);
    expect(status).toBe(200);
    expect(html).toMatch(/<h2[^>]*>\?<\/h2>/u);
  });

  it("is the same for another's chat as for one that does not exist", async () => {
    for (const kind of ["member", "admin"] as const) {
      const anothers = await pageOf(kind, things.conversation);
      expect(anothers[0]).toBe(404);
      expect(anothers[1]).toContain("This chat does not exist, or is not yours.");
      expect(anothers).toEqual(await pageOf(kind, crypto.randomUUID()));
      expect(anothers).toEqual(await pageOf(kind, "no-id"));
    }
  });
});

/** Sends these bytes and returns what comes back until the server closes or nothing more comes for a moment. */
const sendRaw = (request: string): Promise<string> =>
  new Promise((resolve, reject) => {
    const { hostname, port } = new URL(app.origin);
    const socket = connect({ host: hostname, port: Number(port) }, () => socket.write(request));
    let text = "";
    socket.setTimeout(5_000, () => socket.destroy());
    socket.on("data", (bytes: Buffer) => {
      text += bytes.toString("latin1");
    });
    socket.on("close", () => {
      resolve(text);
    });
    socket.on("error", reject);
  });

const rawRequest = (
  line: string,
  headers: Readonly<Record<string, string>> = {},
  body = "",
): string => {
  const all = { host: new URL(app.origin).host, connection: "close", ...headers };
  const lines = Object.entries(all).map(([name, value]) => `${name}: ${value}`);
  return `${line} HTTP/1.1\r\n${lines.join("\r\n")}\r\n\r\n${body}`;
};

const statusIn = (answer: string): number => Number(/^HTTP\/1\.1 (\d{3})/.exec(answer)?.[1]);

describe("what the framework would answer by itself", () => {
  it("shows nothing of anybody under any spelling of a request", async () => {
    const secrets = ["ada@example.org", "owner@example.org", '"title":"Mine"', '"email"'];
    const paths = [
      ...["/api/people", "/api/documents", `/api/conversations/${things.conversation}`],
      ...[`/c/${things.conversation}`, "/admin/users", "/account"],
    ];
    let sent = 0;
    for (const path of paths)
      for (const { line, headers } of requestSpellings(path)) {
        const answer = await sendRaw(rawRequest(line, headers));
        sent += 1;
        for (const secret of secrets) expect(answer, line).not.toContain(secret);
        expect(statusIn(answer), `${line} ${JSON.stringify(headers)}`).toBeLessThan(500);
      }
    expect(sent).toBeGreaterThanOrEqual(40 * paths.length);
  }, 120_000);

  it("has no server action, and runs none that is asked for", async () => {
    const manifest = join(import.meta.dirname, "../../.next/server/server-reference-manifest.json");
    const { node, edge } = JSON.parse(await readFile(manifest, "utf8")) as Record<string, object>;
    expect([node, edge]).toEqual([{}, {}]);
    const body = '["$K1"]';
    for (const path of ["/", "/sign-in", "/admin/documents", "/api/documents"]) {
      const headers = {
        "next-action": "0".repeat(40),
        "content-type": "text/plain;charset=UTF-8",
        "content-length": String(body.length),
      };
      const answer = await sendRaw(rawRequest(`POST ${path}`, headers, body));
      expect(statusIn(answer), path).toBeGreaterThanOrEqual(400);
      expect(statusIn(answer), path).toBeLessThan(500);
    }
  });

  it("has no image optimiser", async () => {
    for (const url of ["/icon.svg", "http://127.0.0.1:9/x.png", "//evil.example/x.avif"]) {
      const query = `url=${encodeURIComponent(url)}&w=64&q=75`;
      expect((await fetch(`${app.origin}/_next/image?${query}`)).status).toBe(404);
    }
  });

  // A target in absolute form never comes this far: integration/supervisor/guard-server.test.ts.
  it("upgrades nothing and believes no host that it does not have", async () => {
    const upgrade = { connection: "Upgrade", upgrade: "websocket", "sec-websocket-version": "13" };
    const key = { "sec-websocket-key": "x3JJHMbDL1EzLkh9GBhXDw==" };
    for (const path of ["/", "/api/events", "http://127.0.0.1:9/", "/_next/webpack-hmr"]) {
      const answer = await sendRaw(rawRequest(`GET ${path}`, { ...upgrade, ...key }));
      expect(statusIn(answer), path).not.toBe(101);
    }
    for (let index = 0; index < 100; index += 1) {
      const host = `evil-${String(index)}.example`;
      const forged = index % 2 === 0 ? { host } : { "x-forwarded-host": host };
      for (const path of ["/api/session", "/"]) {
        const answer = await sendRaw(rawRequest(`GET ${path}`, forged));
        const location = /^location: (.*)\r$/im.exec(answer)?.[1] ?? "/";
        // Read against an address with the other scheme too: what begins with a scheme is no path there.
        for (const base of [app.origin, app.origin.replace("http:", "https:")])
          expect(new URL(location, base).origin, location).toBe(base);
        expect(answer.replace(location, ""), path).not.toContain(host);
        expect(statusIn(answer), path).not.toBe(200);
      }
    }
  }, 120_000);
});
