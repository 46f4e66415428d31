import { afterAll, beforeAll, describe, expect, it } from "vitest";
import { type BuiltApp, startBuiltAppWithoutProxy } from "./built-app.ts";
import { admitted, refusal } from "./matrix-rights.ts";
import { matrix, type Things } from "./matrix-table.ts";
import { createTestContainer, type TestContainer } from "./test-container.ts";
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
