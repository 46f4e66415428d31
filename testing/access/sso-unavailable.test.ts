import { createServer } from "node:http";
import type { AddressInfo } from "node:net";
import { afterAll, beforeAll, expect, it, vi } from "vitest";
import { errorCodes } from "#lib/core/errors/error-codes.ts";
import { setUpAdmin } from "./people.ts";
import { type RouteServer, startRouteServer } from "./route-server.ts";
import { createTestContainer, type TestContainer } from "./test-container.ts";

let test: TestContainer;
let server: RouteServer;
/** Answers at the issuer's address, and is no identity provider. */
const other = createServer((_request, response) => response.writeHead(404).end());

beforeAll(async () => {
  await new Promise<void>((resolve) => other.listen(0, "127.0.0.1", resolve));
  server = await startRouteServer();
  test = await createTestContainer("real", {
    DROVER_OIDC_ISSUER: `http://127.0.0.1:${(other.address() as AddressInfo).port}`,
    DROVER_OIDC_CLIENT_ID: "drover",
    DROVER_OIDC_CLIENT_SECRET: "not a secret",
  });
  await setUpAdmin(test, server.origin);
});
afterAll(async () => {
  expect(server.crashes).toEqual([]);
  await server.close();
  await test.close();
  other.close();
});

it("a provider that is none sends people back to the sign-in page with a sentence, and the log says why", async () => {
  const log = vi.spyOn(console, "error").mockReturnValue();
  const begun = await fetch(`${server.origin}/api/oidc/start`, { redirect: "manual" });
  expect([begun.status, begun.headers.get("location")]).toEqual([
    303,
    "/sign-in?problem=sso_unavailable",
  ]);
  expect(begun.headers.getSetCookie()).toEqual([]);
  expect(errorCodes.sso_unavailable.message).toContain("password");
  const logged = log.mock.calls.map(([line]) => String(line));
  log.mockRestore();
  expect(logged).toHaveLength(1);
  expect(logged[0]).toMatch(
    /"path":"\/api\/oidc\/start".*"code":"sso_unavailable","reason":"[^"]+"/,
  );
});
