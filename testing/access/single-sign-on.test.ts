import { eq } from "drizzle-orm";
import { afterAll, beforeAll, describe, expect, it, vi } from "vitest";
import { accounts, auditLog } from "#drizzle/schema/index.ts";
import {
  clientId,
  clientSecret,
  type RealProvider,
  startIdentityProvider,
  throughProvider,
} from "./identity-provider.ts";
import { addPerson, type Browser, browserAt, setUpAdmin, suspend } from "./people.ts";
import { type RouteServer, startRouteServer } from "./route-server.ts";
import { createTestContainer, type TestContainer } from "./test-container.ts";

let test: TestContainer;
let server: RouteServer;
let provider: RealProvider;
let admin: Browser;
let workspaceId: string;

beforeAll(async () => {
  server = await startRouteServer();
  provider = await startIdentityProvider([`${server.origin}/api/oidc/callback`]);
  test = await createTestContainer("real", {
    DROVER_OIDC_ISSUER: provider.issuer,
    DROVER_OIDC_CLIENT_ID: clientId,
    DROVER_OIDC_CLIENT_SECRET: clientSecret,
  });
  admin = await setUpAdmin(test, server.origin);
  const identity = (await (await admin.send("GET", "/api/session")).json()) as {
    workspace: { id: string };
  };
  workspaceId = identity.workspace.id;
});
afterAll(async () => {
  expect(server.crashes).toEqual([]);
  await server.close();
  await provider.close();
  await test.close();
});

const person = (name: string) =>
  addPerson(test, server.origin, { email: `${name}@example.org`, role: "member", workspaceId });

/** A browser's way: what Drover sets, the provider's pages, and what the callback says. */
async function begin() {
  const response = await fetch(`${server.origin}/api/oidc/start`, { redirect: "manual" });
  const ticket = response.headers.getSetCookie()[0]?.split(";", 1)[0] ?? "";
  return { ticket, start: response.headers.get("location") ?? "" };
}

async function finish(callback: string, cookie: string) {
  const response = await fetch(callback, { redirect: "manual", headers: { cookie } });
  const session = response.headers
    .getSetCookie()
    .map((line) => line.split(";", 1)[0] ?? "")
    .find((pair) => pair.startsWith("drover-session="));
  return { status: response.status, to: response.headers.get("location"), session: session ?? "" };
}

async function signInAs(login: string) {
  const { ticket, start } = await begin();
  return finish(await throughProvider(start, login), ticket);
}

const whoIs = async (cookie: string) => {
  const browser = Object.assign(browserAt(server.origin), { cookie });
  return (await (await browser.send("GET", "/api/session")).json()) as { user?: { id: string } };
};

describe("sign-in through the identity provider", () => {
  it("signs in who has an account with the verified address, and links it by the provider's own name", async () => {
    const { userId } = await person("nina");
    provider.accounts.set("nina-at-work", { email: "Nina@example.org", email_verified: true });
    const first = await signInAs("nina-at-work");
    expect([first.status, first.to]).toEqual([303, "/"]);
    expect((await whoIs(first.session)).user?.id).toBe(userId);
    // Another address later: the link counts.
    provider.accounts.set("nina-at-work", { email: "other@example.org", email_verified: true });
    const second = await signInAs("nina-at-work");
    expect((await whoIs(second.session)).user?.id).toBe(userId);
  });

  it("takes an address that the provider has not verified for nothing", async () => {
    provider.accounts.set("mallory", { email: "ada@example.org", email_verified: false });
    expect(await signInAs("mallory")).toMatchObject({
      to: "/sign-in?problem=sso_unknown",
      session: "",
    });
  });

  it("lets new people in by an invitation to their address, or where the setting says so", async () => {
    const claims = { name: "Olga", email: "olga@example.org", email_verified: true };
    provider.accounts.set("olga", claims);
    expect((await signInAs("olga")).to).toBe("/sign-in?problem=sso_unknown");
    await admin.send("POST", "/api/invitations", {
      email: "olga@example.org",
      role: "member",
      groupIds: [],
    });
    const invited = await signInAs("olga");
    expect(await whoIs(invited.session)).toMatchObject({ user: { name: "Olga", role: "member" } });

    provider.accounts.set("paul", { email: "paul@example.org", email_verified: true });
    expect((await signInAs("paul")).to).toBe("/sign-in?problem=sso_unknown");
    await admin.send("PATCH", "/api/settings", { changes: { "accounts.admitNewPeople": true } });
    expect(await whoIs((await signInAs("paul")).session)).toMatchObject({
      user: { name: "paul", email: "paul@example.org", role: "member" },
    });
    await admin.send("PATCH", "/api/settings", { changes: { "accounts.admitNewPeople": null } });
  });

  it("keeps suspended people out", async () => {
    const gone = await person("quentin");
    provider.accounts.set("quentin", { email: "quentin@example.org", email_verified: true });
    await suspend(test, gone);
    expect(await signInAs("quentin")).toMatchObject({
      to: "/sign-in?problem=sign_in_failed",
      session: "",
    });
  });

  it("is of no use without the ticket of the same browser, twice, or with a made-up code", async () => {
    await person("rosa");
    provider.accounts.set("rosa", { email: "rosa@example.org", email_verified: true });
    const failed = { to: "/sign-in?problem=sso_failed", session: "" };
    const log = vi.spyOn(console, "error").mockReturnValue();
    const mine = await begin();
    const back = await throughProvider(mine.start, "rosa");
    expect(await finish(back, "")).toMatchObject(failed);
    expect(await finish(back, (await begin()).ticket)).toMatchObject(failed);
    const forged = new URL(back);
    forged.searchParams.set("code", "made-up");
    expect(await finish(forged.href, mine.ticket)).toMatchObject(failed);
    expect(await finish(back, mine.ticket)).toMatchObject({ to: "/" });
    expect(await finish(back, mine.ticket)).toMatchObject(failed);
    // People read one sentence; why it was stands in the log.
    const logged = log.mock.calls.map(([line]) => String(line));
    log.mockRestore();
    expect(logged).toHaveLength(4);
    for (const line of logged) expect(line).toMatch(/"code":"sso_failed","reason":"[^"]+"/);
  });

  it("writes sign-ins and refusals into the audit log and keeps no token", async () => {
    const { db } = test.connection;
    const rows = await db.select().from(auditLog);
    const through = rows.filter(({ detail }) => detail?.["by"] === "identity provider");
    expect(new Set(through.map(({ action }) => action))).toEqual(
      new Set(["session.start", "session.refuse", "person.join"]),
    );
    const links = await db.select().from(accounts).where(eq(accounts.providerId, "oidc"));
    expect(links.length).toBeGreaterThan(2);
    for (const { accessToken, refreshToken, idToken } of links)
      expect([accessToken, refreshToken, idToken]).toEqual([null, null, null]);
  });
});
