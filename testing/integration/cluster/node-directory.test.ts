import { afterEach, describe, expect, it } from "vitest";
import { createDnsDiscovery } from "#lib/adapters/discovery/dns-discovery.ts";
import { createOllamaNode } from "#lib/adapters/ollama/ollama-node.ts";
import type { NodeDecision } from "#lib/core/balancing/node-address.ts";
import { isAppError } from "#lib/core/errors/app-error.ts";
import type { ChatPart } from "#lib/local-models.ts";
import type { NodeDecisions } from "#lib/ports/node-decisions.ts";
import { createClusterAdmin } from "#lib/services/cluster-admin.ts";
import { createClusterSnapshots } from "#lib/services/cluster-snapshot.ts";
import { createModelInstalls } from "#lib/services/model-installs.ts";
import { createNodeDirectory } from "#lib/services/node-directory.ts";
import { createSystemClock } from "#lib/adapters/system/clock.ts";
import { startDnsServer } from "#testing/fakes/dns-server.ts";
import { startTestCluster } from "#testing/fakes/fake-ollama/cluster.ts";
import { startFakeOllama } from "#testing/fakes/fake-ollama/server.ts";

const actor = { userId: "admin", workspaceId: "w", role: "admin" } as const;

function memoryDecisions(): NodeDecisions {
  const rows = new Map<string, NodeDecision>();
  const plain = { baseUrl: null, slots: null, weight: null, isDraining: false, isRemoved: false };
  return {
    all: async () => [...rows.values()],
    async change(id, fields) {
      rows.set(id, { id, ...plain, ...rows.get(id), ...fields });
    },
    async forget(id) {
      rows.delete(id);
    },
  };
}

async function collect(stream: AsyncGenerator<ChatPart, void>): Promise<string> {
  let text = "";
  for await (const part of stream) if (part.type === "text") text += part.text;
  return text;
}

describe("nodes that come and go while Drover runs", () => {
  const ending: (() => Promise<unknown>)[] = [];
  afterEach(async () => {
    for (const end of ending.splice(0).reverse()) await end();
  });

  async function start(discovery: Parameters<typeof createNodeDirectory>[0]["discovery"] = null) {
    const [a, b] = [
      await startFakeOllama({ decodePerSecond: 100 }),
      await startFakeOllama({ decodePerSecond: 100 }),
    ];
    ending.push(
      () => a.stop(),
      () => b.stop(),
    );
    const cluster = await startTestCluster([]);
    const { engine, registry } = cluster;
    const clock = createSystemClock();
    const decisions = memoryDecisions();
    const directory = createNodeDirectory({
      ...{ registry, decisions, discovery, clock, connect: createOllamaNode },
      configured: discovery === null ? [{ id: "a", baseUrl: a.url, slots: 1, weight: 1 }] : [],
      inFlight: (id) => engine.ledger.inFlight(id, "chat"),
    });
    const leaving = new AbortController();
    const following = directory.run(leaving.signal);
    ending.push(async () => {
      leaving.abort();
      await following;
      await cluster.stop();
      await directory.close();
    });
    const installs = createModelInstalls({ registry, clock });
    const admin = createClusterAdmin({
      ...{ registry, decisions, directory, installs, clock },
      loader: engine.loader,
    });
    const snapshots = createClusterSnapshots({
      ...{ ...engine, installs, clock, policy: () => "x" },
      needed: ["smollm2:135m", "all-minilm"],
    });
    const status = (id: string) => registry.entry(id)?.status.kind;
    const ask = (content: string) =>
      collect(
        cluster.models.chat(
          { messages: [{ role: "user", content }], options: { maxTokens: 100 } },
          cluster.call(),
        ),
      );
    return { a, b, admin, status, snapshots, ask, cluster };
  }

  it("serves from a node that an admin adds, and lets one that is removed finish what it has", async () => {
    const { a, b, admin, status, ask } = await start();
    await expect.poll(() => status("a"), { timeout: 5000 }).toBe("available");
    const running = ask("word ".repeat(60).trim());
    await expect.poll(() => a.seen.length).toBe(1);
    await admin.addNode(actor, { id: "b", baseUrl: b.url });
    await admin.removeNode(actor, "a");
    expect(status("a")).toBe("draining");
    await expect.poll(() => status("b"), { timeout: 5000 }).toBe("available");
    expect((await running).split(" ")).toHaveLength(60);
    await expect.poll(() => status("a"), { timeout: 5000 }).toBeUndefined();
    expect(await ask("from the other one")).toBe("from the other one");
    expect(b.seen).toHaveLength(1);
  });

  it("drains and resumes, and says in the snapshot when nothing runs there any more", async () => {
    const { admin, status, snapshots } = await start();
    await expect.poll(() => status("a"), { timeout: 5000 }).toBe("available");
    await admin.drainNode(actor, "a", true);
    const [node] = snapshots.now().nodes;
    expect([node?.status, node?.isDrained, snapshots.now().state]).toEqual([
      "draining",
      true,
      "down",
    ]);
    await admin.drainNode(actor, "a", false);
    expect(status("a")).toBe("available");
  });

  it("unloads and loads a model, and shows it", async () => {
    const { admin, status, snapshots, a } = await start();
    await expect.poll(() => status("a"), { timeout: 5000 }).toBe("available");
    await expect.poll(() => snapshots.now().nodes[0]?.models.length).toBe(2);
    await admin.changeModel("a", "smollm2:135m", "unload", new AbortController().signal);
    // The placement loop brings back what belongs on every node.
    await expect.poll(() => a.loaded().includes("smollm2:135m"), { timeout: 5000 }).toBe(true);
    const refused = await admin
      .changeModel("a", "nix", "load", new AbortController().signal)
      .catch((error: unknown) => error);
    expect(isAppError(refused, "not_found")).toBe(true);
  });

  it("refuses addresses that machines keep their credentials behind, and ids that are taken", async () => {
    const { admin } = await start();
    const metadata = admin.addNode(actor, { id: "m", baseUrl: "http://169.254.169.254" });
    await expect(metadata).rejects.toMatchObject({ code: "bad_request" });
    const taken = admin.addNode(actor, { id: "a", baseUrl: "http://127.0.0.1:9" });
    await expect(taken).rejects.toMatchObject({ code: "conflict" });
  });

  it("finds nodes by the name service, and keeps them while that is away", async () => {
    const dns = await startDnsServer();
    ending.push(() => dns.stop());
    const fake = await startFakeOllama();
    ending.push(() => fake.stop());
    dns.answer({ a: { "herd.test": ["127.0.0.1"] } });
    const { status } = await start(
      createDnsDiscovery({
        ...{ kind: "a", name: "herd.test", port: fake.port, slots: 1, servers: [dns.address] },
      }),
    );
    const id = `127.0.0.1:${String(fake.port)}`;
    await expect.poll(() => status(id), { timeout: 5000 }).toBe("available");
    dns.answer(null);
    expect(status(id)).toBe("available");
  });

  it("finds nodes by service records under the names of their targets, serves from them, and lets one go that is listed no more", async () => {
    const dns = await startDnsServer();
    ending.push(() => dns.stop());
    const [one, other] = [await startFakeOllama(), await startFakeOllama()];
    ending.push(
      () => one.stop(),
      () => other.stop(),
    );
    const record = (target: string, port: number, priority = 1) => ({
      ...{ target, port, priority, weight: 2 },
    });
    const listed = (...records: readonly ReturnType<typeof record>[]): void => {
      dns.answer({ srv: { "_ollama._tcp.herd.test": records } });
    };
    const [first, second] = [record("localhost", one.port), record("127.0.0.1", other.port)];
    // What is only listed for the case that all others are gone is no node.
    listed(first, second, record("spare.test", 9, 5));
    const { status, ask, cluster } = await start(
      createDnsDiscovery({
        ...{ kind: "srv", name: "_ollama._tcp.herd.test", port: 0, slots: 1 },
        servers: [dns.address],
      }),
    );
    const names = (): readonly string[] => cluster.registry.entries().map(({ node }) => node.id);
    await expect
      .poll(() => [status("localhost"), status("127.0.0.1")], { timeout: 8000 })
      .toEqual(["available", "available"]);
    expect(names().toSorted()).toEqual(["127.0.0.1", "localhost"]);
    listed(second);
    await expect.poll(names, { timeout: 15_000 }).toEqual(["127.0.0.1"]);
    const before = one.seen.length;
    expect(await ask("still here")).toBe("still here");
    expect([one.seen.length, other.seen.length > 0]).toEqual([before, true]);
  });
});
