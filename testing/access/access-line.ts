import { expect } from "vitest";
import { type Browser, setUpAdmin } from "./people.ts";
import { type RouteServer, startRouteServer } from "./route-server.ts";
import { createTestContainer, type TestContainer } from "./test-container.ts";

/** The routes on a database of their own, with a first admin who is signed in. */
export interface AccessLine {
  readonly test: TestContainer;
  readonly server: RouteServer;
  readonly admin: Browser;
  readonly workspaceId: string;
  /** Fails when a route crashed meanwhile. */
  readonly close: () => Promise<void>;
}

export async function openAccessLine(
  ...options: Parameters<typeof createTestContainer>
): Promise<AccessLine> {
  const test = await createTestContainer(...options);
  const server = await startRouteServer();
  const admin = await setUpAdmin(test, server.origin);
  const identity = (await (await admin.send("GET", "/api/session")).json()) as {
    readonly workspace: { readonly id: string };
  };
  return {
    test,
    server,
    admin,
    workspaceId: identity.workspace.id,
    async close() {
      expect(server.crashes).toEqual([]);
      await server.close();
      await test.close();
    },
  };
}
