import fc from "fast-check";
import { afterAll, beforeAll, describe, expect, it } from "vitest";
import { matrix } from "./matrix-table.ts";
import { type RouteServer, startRouteServer } from "./route-server.ts";
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
  await server.close();
  await test.close();
});

const runs = Number(process.env["FUZZ_RUNS"] ?? "25");

/** Sign-out would end the session that the others are fuzzed with; it reads nothing of what is sent. */
const routes = Object.entries(matrix)
  .filter(([route]) => route.includes("/api/") && route !== "DELETE /api/session")
  .map(([route, entry]) => ({ route, method: route.split(" ")[0]!, entry }));

const hostileKey = fc.constantFrom(
  "__proto__",
  "constructor",
  "prototype",
  "toString",
  "id",
  "role",
  "userId",
  "workspaceId",
  "owner",
  "description",
  "language",
  "reason",
  "",
);
const hostileValue = fc.oneof(
  fc.jsonValue(),
  fc.constantFrom<unknown>(
    null,
    "",
    "\u0000",
    "\ud800",
    "\u202e",
    -0,
    1e308,
    [],
    {},
    "a".repeat(20_000),
  ),
);

/** A valid body with a key added, dropped or replaced; or anything at all. */
const bodyLike = (valid: unknown): fc.Arbitrary<string> => {
  const known = Object.entries((valid ?? {}) as Record<string, unknown>);
  const mutated = fc
    .tuple(
      fc.constantFrom(...known.map(([key]) => key), "extra"),
      hostileKey,
      hostileValue,
      fc.nat(2),
    )
    .map(([key, other, value, kind]) => {
      const entries = known.filter(([name]) => kind !== 0 || name !== key);
      const changed = entries.map(
        ([name, was]) => [name, kind === 1 && name === key ? value : was] as const,
      );
      const extra = kind === 2 ? [[other, value] as const] : [];
      // Written by hand: an object literal would swallow `__proto__`.
      const members = [...changed, ...extra].map(
        ([name, item]) => `${JSON.stringify(name)}:${JSON.stringify(item)}`,
      );
      return `{${members.join(",")}}`;
    });
  return fc.oneof(
    mutated,
    fc.json(),
    fc.string({ maxLength: 200 }),
    fc.constant("[".repeat(50_000)),
  );
};

const queryLike = fc.oneof(
  fc.constant({}),
  fc.dictionary(
    fc.oneof(fc.constantFrom("collectionId", "fileName", "after", "versionId"), hostileKey),
    fc.oneof(fc.string({ unit: "binary", maxLength: 40 }), fc.constant("a\u0000b"), fc.uuid()),
    { maxKeys: 3 },
  ),
);

/** The body; of an event stream, which may have no end, its first piece. */
const textOf = async (response: Response): Promise<string> => {
  const isStream = response.headers.get("content-type")?.startsWith("text/event-stream") ?? false;
  if (!isStream) return response.text();
  const reader = response.body?.getReader();
  const piece = await reader?.read();
  await reader?.cancel();
  return new TextDecoder().decode(piece?.value);
};

describe.each(routes)("$route", ({ method, entry }) => {
  it("answers anything with a success or a refusal, never with a fault", async () => {
    const call = entry.call(nobodysThings());
    const ownThings = await world.makeThings();
    await fc.assert(
      fc.asyncProperty(bodyLike(call.body), queryLike, fc.boolean(), async (body, query, own) => {
        const things = own ? ownThings : nobodysThings();
        const url = new URL(entry.call(things).path, server.origin);
        for (const [key, value] of Object.entries(query)) url.searchParams.set(key, value);
        const response = await fetch(url, {
          method,
          headers: {
            cookie: world.people.admin.cookie,
            origin: server.origin,
            "content-type":
              call.body instanceof Uint8Array ? "application/octet-stream" : "application/json",
          },
          ...(method === "GET" ? {} : { body: Buffer.from(body) }),
        });
        const text = await textOf(response);
        // No node is there: a call that needs one says 503 in the matrix too.
        if (response.status !== entry.ok) expect(response.status).toBeLessThan(500);
        if (response.status >= 400) expect(text).toMatch(/^\{"error":\{"code":"[a-z_]+"/);
        expect(server.crashes).toEqual([]);
      }),
      { numRuns: runs },
    );
  });
});
