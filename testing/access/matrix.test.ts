import { readFile } from "node:fs/promises";
import { afterAll, beforeAll, describe, expect, it } from "vitest";
import { admitted, refusal } from "./matrix-rights.ts";
import type { Need, Things } from "./matrix-entry.ts";
import { matrix } from "./matrix-table.ts";
import { methods, type RouteServer, startRouteServer } from "./route-server.ts";
import { createTestContainer, type TestContainer } from "./test-container.ts";
import { type ActorKind, actorKinds, createWorld, nobodysThings, type World } from "./world.ts";

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

const scrubbed = async (response: Response): Promise<string> =>
  (await response.text()).replace(/"requestId":"[^"]*"/, '"requestId":"…"');

const headerNames = (response: Response): readonly string[] =>
  [...response.headers.keys()].filter((name) => name !== "set-cookie").sort();

describe("every route", () => {
  it("stands in the matrix, and the matrix names no route that is gone", () => {
    const found = server.routes.flatMap((route) =>
      methods
        .filter((method) => route.handlers[method] !== undefined)
        .map((method) => `${method} ${route.path}`),
    );
    expect(found.sort()).toEqual(Object.keys(matrix).sort());
  });

  it("stands once in docs/http-api.md, which names no route that is gone", async () => {
    const text = await readFile(new URL("../../docs/http-api.md", import.meta.url), "utf8");
    const named = text.matchAll(/^\| `((?:GET|POST|PUT|PATCH|DELETE) \/[^`?]*)/gm);
    expect([...named].map(([, route = ""]) => route).sort()).toEqual(Object.keys(matrix).sort());
  });
});

describe.each(Object.entries(matrix))("%s", (route, entry) => {
  const [method = "GET"] = route.split(" ");
  /** Made anew after a call that may have changed them. */
  let unchanged: Things | null = null;

  it.each(actorKinds)(
    "answers %s as their rights say, and hides what is not theirs",
    async (kind) => {
      const things: Things = unchanged ?? (await world.makeThings());
      const browser = world.people[kind];
      const { path, body } = entry.call(things);
      const cookie = browser.cookie;
      const response = await browser.send(method, path, body);
      const allowed = admitted[entry.need].includes(kind);
      unchanged = allowed && method !== "GET" ? null : things;
      expect(response.status).toBe(allowed ? entry.ok : refusal(entry, kind));
      browser.cookie = cookie;
      if (!allowed && response.status === 404) {
        const absent = entry.call(nobodysThings());
        const nothing = await browser.send(method, absent.path, absent.body);
        expect([nothing.status, await scrubbed(nothing)]).toEqual([404, await scrubbed(response)]);
        expect(headerNames(nothing)).toEqual(headerNames(response));
      }
      if (route === "DELETE /api/session" && allowed) await world.signIn(kind);
    },
  );
});

describe("lists", () => {
  const lists = [
    "collections",
    "documents",
    "conversations",
    "sessions",
    "people",
    "invitations",
    "groups",
    "account/export",
  ] as const;

  it.each(actorKinds)("show %s nothing that is not theirs to see", async (kind) => {
    const things = await world.makeThings();
    const seen: string[] = [];
    for (const list of lists) {
      const response = await world.people[kind].send("GET", `/api/${list}`);
      seen.push(await response.text());
    }
    const shown = Object.entries<string>({ ...things }).flatMap(([name, id]) =>
      seen.some((text) => text.includes(id)) ? [name] : [],
    );
    const readable = ["collection", "document"];
    const expected: Partial<Record<ActorKind, readonly string[]>> = {
      groupReader: readable,
      reader: readable,
      admin: [...readable, "sessionOwner", "person", "invitation", "group"],
      owner: [...readable, "conversation", "answer", "session", "sessionOwner"],
    };
    expect(shown).toEqual(expected[kind] ?? []);
  });
});

/** Somebody who would be let in, so that nothing but the id can be the reason. */
const whoMay = (need: Need): ActorKind =>
  need === "admin" || need === "its admin" || need === "manage" ? "admin" : "owner";

const named = (id: string): Partial<Things> =>
  Object.fromEntries(Object.keys(nobodysThings()).map((name) => [name, id]));

const malformedIds = ["1", "%00", "..%2f..%2fsetup", "'%20or%201=1--", "0".repeat(3_000)];

describe.each(Object.entries(matrix).filter(([route]) => route.includes("[id]")))(
  "%s",
  (route, entry) => {
    it.each(malformedIds)("answers the malformed id %s as one that does not exist", async (id) => {
      const { path, body } = entry.call({ ...nobodysThings(), ...named(id) });
      const response = await world.people[whoMay(entry.need)].send(
        route.split(" ")[0]!,
        path,
        body,
      );
      expect(response.status).toBe(404);
    });
  },
);
