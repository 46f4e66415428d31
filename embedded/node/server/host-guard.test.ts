import { describe, expect, it } from "vitest";
import { isAllowed } from "./host-guard.ts";

describe("isAllowed", () => {
  it.each([
    "127.0.0.1:1",
    "localhost",
    "LOCALHOST:80",
    "[::1]:5",
    "192.168.1.4",
    "node.internal",
    "mac.local:11434",
  ])("takes requests for the host %s", (host) => {
    expect(isAllowed({ host })).toBe(true);
  });

  it.each(["evil.example", "8.8.8.8:80", "localhost.evil.example", "127.0.0.1.nip.io"])(
    "refuses requests for the host %s, against rebinding",
    (host) => {
      expect(isAllowed({ host })).toBe(false);
    },
  );

  it("refuses pages of other origins, takes local ones and programs", () => {
    const host = "127.0.0.1:11434";
    expect(isAllowed({ host })).toBe(true);
    expect(isAllowed({ host, origin: "http://localhost:3000" })).toBe(true);
    expect(isAllowed({ host, origin: "app://obsidian.md" })).toBe(true);
    expect(isAllowed({ host, origin: "http://evil.example" })).toBe(false);
    expect(isAllowed({ host, origin: "null" })).toBe(false);
  });
});
