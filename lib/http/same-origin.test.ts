import { describe, expect, it } from "vitest";
import {
  clientAddress,
  requireOwnHost,
  requireOwnPage,
  requireSafeTransport,
} from "./same-origin.ts";

const publicOrigin = "https://drover.example.org";
const from = (host: string) => new Headers({ host });

describe("requireOwnHost", () => {
  it.each([
    ["127.0.0.1:3000", undefined, "http://127.0.0.1:3000"],
    ["localhost", undefined, "http://localhost"],
    ["[::1]:3001", undefined, "http://[::1]:3001"],
    ["drover.example.org", publicOrigin, publicOrigin],
    ["127.0.0.1:3000", publicOrigin, "http://127.0.0.1:3000"],
  ])("knows %s with the public origin %s", (host, known, origin) => {
    expect(requireOwnHost(from(host), known)).toBe(origin);
  });

  it.each([
    "evil.example",
    "user@127.0.0.1",
    "127.1",
    "2130706433",
    "127.0.0.1.evil.example",
    "127.0.0.1:99999999",
    "drover.example.org:8443",
    "drover.example.org.",
  ])("refuses %s", (host) => {
    expect(() => requireOwnHost(from(host), publicOrigin)).toThrow();
  });

  it("refuses a request that names no host", () => {
    expect(() => requireOwnHost(new Headers(), publicOrigin)).toThrow();
  });
});

describe("requireOwnPage", () => {
  const page = (headers: Readonly<Record<string, string>>) => () => {
    requireOwnPage(new Headers(headers), publicOrigin, "application/json");
  };
  it("takes its own origin with the right type, whatever its parameters", () => {
    expect(
      page({
        origin: publicOrigin,
        "content-type": "Application/JSON; charset=utf-8",
        "sec-fetch-site": "same-origin",
      }),
    ).not.toThrow();
  });
  it.each([
    { "content-type": "application/json" },
    { origin: "null", "content-type": "application/json" },
    { origin: "http://drover.example.org", "content-type": "application/json" },
    { origin: publicOrigin },
    { origin: publicOrigin, "content-type": "application/json", "sec-fetch-site": "same-site" },
    { origin: publicOrigin, "content-type": "text/plain, application/json" },
  ])("refuses %o", (headers) => {
    expect(page(headers)).toThrow();
  });
});

describe("requireSafeTransport", () => {
  it("lets passwords cross HTTPS and this machine, nothing else", () => {
    for (const origin of [publicOrigin, "http://localhost:3000", "http://[::1]"])
      expect(() => {
        requireSafeTransport(origin);
      }).not.toThrow();
    expect(() => {
      requireSafeTransport("http://drover.lan");
    }).toThrow();
  });
});

describe("clientAddress", () => {
  const forwarded = (value: string) => new Headers({ "x-forwarded-for": value });
  it("believes nobody when no proxy stands in front", () => {
    expect(clientAddress(forwarded("203.0.113.9"), 0)).toBeNull();
  });
  it("takes what the proxy added last, not what the client wrote before", () => {
    expect(clientAddress(forwarded("1.2.3.4, 203.0.113.9"), 1)).toBe("203.0.113.9");
    expect(clientAddress(forwarded("1.2.3.4, 203.0.113.9, 10.0.0.2"), 2)).toBe("203.0.113.9");
    expect(clientAddress(forwarded("203.0.113.9"), 2)).toBeNull();
    expect(clientAddress(forwarded("<script>"), 1)).toBeNull();
  });
  it("takes the connection's own address from the guard of the server, and from nobody else", () => {
    const slot = Symbol.for("drover.peer-token");
    const peer = (value: string) => clientAddress(new Headers({ "x-drover-peer": value }), 0);
    expect(peer("undefined 203.0.113.9")).toBeNull();
    Reflect.set(globalThis, slot, "abc");
    try {
      expect(peer("guessed 203.0.113.9")).toBeNull();
      expect(peer("abc 203.0.113.9")).toBe("203.0.113.9");
      expect(peer("abc <script>")).toBeNull();
    } finally {
      Reflect.deleteProperty(globalThis, slot);
    }
  });
});
