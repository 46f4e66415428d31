import { afterAll, beforeAll, describe, expect, it } from "vitest";
import { startDnsServer, type DnsServer } from "#testing/fakes/dns-server.ts";
import { createDnsDiscovery } from "./dns-discovery.ts";

const never = new AbortController().signal;

describe("DNS discovery", () => {
  let server: DnsServer;
  beforeAll(async () => {
    server = await startDnsServer();
  });
  afterAll(() => server.stop());

  const discover = (kind: "a" | "srv", name: string) =>
    createDnsDiscovery({ kind, name, port: 11_434, slots: 2, servers: [server.address] }).find(
      never,
    );

  it("takes every address of a name as a node", async () => {
    server.answer({ a: { "ollama.test": ["10.0.0.2", "10.0.0.1"] } });
    expect(await discover("a", "ollama.test")).toEqual([
      { id: "10.0.0.1:11434", baseUrl: "http://10.0.0.1:11434", slots: 2, weight: 1 },
      { id: "10.0.0.2:11434", baseUrl: "http://10.0.0.2:11434", slots: 2, weight: 1 },
    ]);
  });

  it("takes the SRV records of the best priority, each called as its target", async () => {
    const record = (priority: number, weight: number, port: number, target: string) => ({
      ...{ priority, weight, port, target },
    });
    server.answer({
      srv: {
        "_ollama._tcp.test": [
          record(1, 5, 11_435, "node-a.test"),
          record(1, 0, 11_436, "node-b.test"),
          record(2, 5, 11_437, "spare.test"),
        ],
      },
    });
    expect(await discover("srv", "_ollama._tcp.test")).toEqual([
      { id: "node-a.test", baseUrl: "http://node-a.test:11435", slots: 2, weight: 5 },
      { id: "node-b.test", baseUrl: "http://node-b.test:11436", slots: 2, weight: 1 },
    ]);
  });

  it("finds no node under a name that does not exist, and fails when the server is silent", async () => {
    server.answer({});
    expect(await discover("a", "nix.test")).toEqual([]);
    server.answer(null);
    const leaving = new AbortController();
    const asked = createDnsDiscovery({
      ...{ kind: "a", name: "nix.test", port: 1, slots: 1, servers: [server.address] },
    }).find(leaving.signal);
    leaving.abort(new Error("given up"));
    await expect(asked).rejects.toThrow();
  });
});
