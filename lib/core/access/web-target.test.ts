import { describe, expect, it } from "vitest";
import { networkOf } from "./network-address.ts";
import { allowedHosts, parseWebTarget, refusalOf } from "./web-target.ts";

const kinds = {
  public: [
    "8.8.8.8",
    "172.32.0.1",
    "100.128.0.1",
    "2606:4700::1111",
    "::ffff:8.8.8.8",
    "64:ff9b::808:808",
  ],
  private: [
    "10.0.0.1",
    "172.16.0.1",
    "172.31.255.255",
    "192.168.1.1",
    "100.64.0.1",
    "fc00::1",
    "fd12::1",
    "::ffff:10.0.0.1",
    "64:ff9b::a00:1",
  ],
  loopback: ["127.0.0.1", "127.255.255.254", "::1", "::ffff:127.0.0.1", "::ffff:7f00:1"],
  never: [
    ...[
      "169.254.169.254",
      "::ffff:169.254.169.254",
      "::ffff:a9fe:a9fe",
      "64:ff9b::a9fe:a9fe",
      "100.100.100.200",
    ],
    ...[
      "fd00:ec2::254",
      "fe80::1",
      "febf::1",
      "fec0::1",
      "0.0.0.0",
      "::",
      "::127.0.0.1",
      "::7f00:1",
      "224.0.0.1",
      "255.255.255.255",
    ],
    ...[
      "ff02::1",
      "2002:7f00:1::",
      "2001::1",
      "2001:db8::1",
      "198.18.0.1",
      "168.63.129.16",
      "192.0.2.1",
      "64:ff9b:1::1",
    ],
    ...[
      "fe80::1%eth0",
      "0177.0.0.1",
      "127.1",
      "2130706433",
      "0x7f.1",
      "1.2.3.4.5",
      "",
      "localhost",
      ":::",
      "1::2::3",
    ],
  ],
} as const;

describe("networkOf", () => {
  for (const [kind, addresses] of Object.entries(kinds))
    it.each(addresses)(`calls %s ${kind}`, (address) => {
      expect(networkOf(address)).toBe(kind);
    });
});

const target = (address: string) => {
  const parsed = parseWebTarget(address);
  if (typeof parsed === "string") throw new Error(parsed);
  return parsed;
};
const refused = (address: string, found: readonly string[], allowed = ""): boolean =>
  refusalOf(target(address), found, allowedHosts(allowed)) !== null;

describe("what may be asked for", () => {
  it("is every page of the internet, and nothing when one of its addresses is not fit", () => {
    expect(refused("https://example.org/a", ["93.184.216.34", "2606:2800::1"])).toBe(false);
    expect(refused("https://example.org/a", ["93.184.216.34", "10.0.0.1"])).toBe(true);
    expect(refused("https://example.org/a", [])).toBe(true);
  });

  it("is a host of the own network that an admin named, at any port or at the one named", () => {
    expect(refused("http://wiki.local/", ["10.0.0.7"])).toBe(true);
    expect(refused("http://wiki.local/", ["10.0.0.7"], "other, WIKI.local")).toBe(false);
    expect(refused("http://wiki.local:8080/", ["10.0.0.7"], "wiki.local:8080")).toBe(false);
    expect(refused("http://wiki.local:8081/", ["10.0.0.7"], "wiki.local:8080")).toBe(true);
    expect(refused("http://evil.wiki.local/", ["10.0.0.7"], "wiki.local")).toBe(true);
  });

  it("is this machine only at a port that an admin named, so that no database is reached by its host alone", () => {
    expect(refused("http://127.0.0.1:5432/", ["127.0.0.1"], "127.0.0.1")).toBe(true);
    expect(refused("http://127.0.0.1:5432/", ["127.0.0.1"], "127.0.0.1:8080")).toBe(true);
    expect(refused("http://127.0.0.1:8080/", ["127.0.0.1"], "127.0.0.1:8080")).toBe(false);
    expect(refused("http://[::1]:8080/", ["::1"], "[::1]:8080")).toBe(false);
  });

  it("is never a metadata service, whatever an admin allows", () => {
    expect(refused("http://169.254.169.254/", ["169.254.169.254"], "169.254.169.254")).toBe(true);
    expect(refused("http://wiki.local/", ["169.254.169.254"], "wiki.local")).toBe(true);
  });

  it.each([
    "ftp://example.org",
    "file:///etc/passwd",
    "https://a:b@example.org/",
    "http://example.org:22/",
    "no address",
    "javascript:alert(1)",
  ])("is not %s", (address) => {
    expect(typeof parseWebTarget(address)).toBe("string");
  });

  it.each([
    ["http://0177.0.0.1/", "127.0.0.1"],
    ["http://2130706433/", "127.0.0.1"],
    ["http://0x7f.1/", "127.0.0.1"],
    ["http://①②⑦.⓪.⓪.①/", "127.0.0.1"],
    ["http://[::ffff:169.254.169.254]/", "::ffff:a9fe:a9fe"],
  ])("reads %s once, as %s", (address, host) => {
    expect(target(address).host).toBe(host);
  });
});
