import { describe, expect, it } from "vitest";
import { mayPinEncryption, originByHost } from "./own-address.ts";

describe("originByHost", () => {
  it.each([
    ["drover.example.org", "https://drover.example.org", "https://drover.example.org"],
    ["127.0.0.1:3000", "https://drover.example.org", "http://127.0.0.1:3000"],
    ["localhost:3000", undefined, "http://localhost:3000"],
    ["localhost:3000", "https://localhost:3000", "https://localhost:3000"],
    ["[::1]:3000", undefined, "http://[::1]:3000"],
    ["user@127.0.0.1", undefined, null],
    ["2130706433", undefined, null],
    ["evil.example", "https://drover.example.org", null],
    [null, "https://drover.example.org", null],
  ])("%s under %s is %s", (host, publicOrigin, expected) => {
    expect(originByHost(host, publicOrigin)).toBe(expected);
  });
});

describe("mayPinEncryption", () => {
  it("is never for this machine, where other programs use plain HTTP", () => {
    expect(["localhost:3000", "127.0.0.1", "[::1]:8443"].map(mayPinEncryption)).toEqual([
      false,
      false,
      false,
    ]);
    expect(mayPinEncryption("drover.example.org")).toBe(true);
  });
});
