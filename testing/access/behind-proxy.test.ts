import { afterEach, describe, expect, it } from "vitest";
import { sessions } from "#drizzle/schema/index.ts";
import { password } from "./people.ts";
import { requestWithHost, type RouteServer, startRouteServer } from "./route-server.ts";
import { createTestContainer, type TestContainer } from "./test-container.ts";

let test: TestContainer;
let server: RouteServer;

async function start(publicOrigin: string) {
  test = await createTestContainer("real", { DROVER_PUBLIC_ORIGIN: publicOrigin });
  server = await startRouteServer();
  const link = (await test.container.accounts.announce()) ?? "";
  const host = new URL(publicOrigin).host;
  return {
    link,
    /** As the proxy passes it on: the browser's host, and the address it saw added at the end. */
    send: (
      method: string,
      path: string,
      body?: unknown,
      headers: Readonly<Record<string, string>> = {},
    ) =>
      requestWithHost(server.origin, {
        method,
        path,
        body,
        headers: {
          host,
          origin: publicOrigin,
          "content-type": "application/json",
          "x-forwarded-for": "198.51.100.66, 203.0.113.9",
          ...headers,
        },
      }),
  };
}
afterEach(async () => {
  expect(server.crashes).toEqual([]);
  await server.close();
  await test.close();
});

const admin = (link: string) => ({
  token: new URL(link).hash.replace("#token=", ""),
  workspaceName: "Works",
  name: "Ada",
  email: "ada@example.org",
  password,
});

describe("behind a proxy with TLS", () => {
  it("binds the cookie to host and encryption, and believes only what the proxy added", async () => {
    const { link, send } = await start("https://drover.example.org");
    expect(link).toMatch(/^https:\/\/drover\.example\.org\/setup#token=/);
    const response = await send("POST", "/api/setup", admin(link));
    expect(response.status).toBe(201);
    const [cookie = ""] = response.headers.getSetCookie();
    expect(cookie).toMatch(/^__Host-drover-session=[^;]+; /);
    for (const attribute of ["Secure", "HttpOnly", "SameSite=Lax", "Path=/"])
      expect(cookie).toContain(`; ${attribute}`);
    expect(cookie).not.toContain("Domain");
    expect(response.headers.get("strict-transport-security")).toBe("max-age=31536000");
    const pair = cookie.split(";", 1)[0] ?? "";
    expect((await send("GET", "/api/session", undefined, { cookie: pair })).status).toBe(200);
    const [row] = await test.connection.db.select().from(sessions);
    expect(row?.ipAddress).toBe("203.0.113.9");
  });

  it("gives whoever comes past the proxy, over plain HTTP on this machine, a cookie that works there and nowhere else", async () => {
    const { link, send } = await start("https://drover.example.org");
    const first = await send("POST", "/api/setup", admin(link));
    const [encrypted = ""] = first.headers.getSetCookie().map((line) => line.split(";", 1)[0]);
    const here = { host: "127.0.0.1:3000", origin: "http://127.0.0.1:3000" };
    const owner = { email: "ada@example.org", password };
    const response = await send("POST", "/api/session", owner, { ...here, cookie: encrypted });
    expect(response.status).toBe(200);
    const [cookie = ""] = response.headers.getSetCookie();
    expect(cookie).toMatch(/^drover-session=[^;]+; /);
    expect(cookie).not.toContain("Secure");
    expect(response.headers.get("strict-transport-security")).toBeNull();
    const plain = cookie.split(";", 1)[0] ?? "";
    const seen = async (given: string, headers = {}) =>
      (await send("GET", "/api/session", undefined, { ...headers, cookie: given })).status;
    expect(await seen(plain, here)).toBe(200);
    expect(await seen(encrypted)).toBe(200);
    // What anybody on the way could have planted signs nobody in over the encrypted connection.
    expect(await seen(plain)).toBe(401);
    const ended = await send("DELETE", "/api/session", undefined, { ...here, cookie: plain });
    expect(ended.headers.getSetCookie().join()).toMatch(/^drover-session=; Max-Age=0/);
    expect(await seen(plain, here)).toBe(401);
  });

  it("counts one client as one, whatever it writes into the forwarding header", async () => {
    const { link, send } = await start("https://drover.example.org");
    await send("POST", "/api/setup", admin(link));
    const statuses: number[] = [];
    for (let guess = 0; guess < 12; guess += 1) {
      const forged = { "x-forwarded-for": `10.0.0.${guess}, 203.0.113.9` };
      const body = { email: "ada@example.org", password: `wrong guess ${guess}` };
      statuses.push((await send("POST", "/api/session", body, forged)).status);
    }
    expect(statuses.filter((status) => status === 401)).toHaveLength(6);
    expect(statuses.at(-1)).toBe(429);
    const owner = { email: "ada@example.org", password };
    const elsewhere = { "x-forwarded-for": "192.0.2.7" };
    expect((await send("POST", "/api/session", owner, elsewhere)).status).toBe(200);
  });
});

describe("plain HTTP off this machine", () => {
  it("takes no password", async () => {
    const { link, send } = await start("http://drover.lan");
    for (const [path, body] of [
      ["/api/setup", admin(link)],
      ["/api/session", { email: "ada@example.org", password }],
      ["/api/password-reset", { token: "t", password }],
    ] as const) {
      const response = await send("POST", path, body);
      expect([response.status, response.text]).toEqual([
        403,
        expect.stringContaining("insecure_transport"),
      ]);
    }
  });
});
