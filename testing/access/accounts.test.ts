import { afterAll, beforeAll, describe, expect, it } from "vitest";
import { addPerson, type Browser, browserAt, password, setUpAdmin, suspend } from "./people.ts";
import { type RouteServer, startRouteServer } from "./route-server.ts";
import { createTestContainer, type TestContainer } from "./test-container.ts";

let test: TestContainer;
let server: RouteServer;
let admin: Browser;
let workspaceId: string;

beforeAll(async () => {
  test = await createTestContainer();
  server = await startRouteServer();
  admin = await setUpAdmin(test, server.origin);
  const identity = (await (await admin.send("GET", "/api/session")).json()) as {
    workspace: { id: string };
  };
  workspaceId = identity.workspace.id;
});
afterAll(async () => {
  expect(server.crashes).toEqual([]);
  await server.close();
  await test.close();
});

const code = async (response: Response): Promise<string> =>
  ((await response.json()) as { error: { code: string } }).error.code;

describe("first admin", () => {
  it("is signed in by the set-up link and finds a collection for everyone", async () => {
    const response = await admin.send("GET", "/api/session");
    expect(response.status).toBe(200);
    expect(await response.json()).toMatchObject({
      user: { email: "ada@example.org", role: "admin" },
      workspace: { name: "Works" },
    });
    const { collections } = (await (await admin.send("GET", "/api/collections")).json()) as {
      collections: { name: string }[];
    };
    expect(collections.map(({ name }) => name)).toEqual(["Documents"]);
  });
});

describe("sign-in", () => {
  it("answers alike for an unknown, a mistyped and a suspended person", async () => {
    const gone = await addPerson(test, server.origin, {
      email: "gone@example.org",
      role: "member",
      workspaceId,
    });
    expect((await gone.send("GET", "/api/session")).status).toBe(200);
    await suspend(test, gone);
    expect((await gone.send("GET", "/api/session")).status).toBe(401);
    for (const email of ["nobody@example.org", "ada@example.org", "gone@example.org"]) {
      const response = await browserAt(server.origin).send("POST", "/api/session", {
        email,
        password: email.startsWith("ada") ? `${password}!` : password,
      });
      expect([response.status, await code(response), response.headers.getSetCookie()]).toEqual([
        401,
        "sign_in_failed",
        [],
      ]);
    }
  });
});
