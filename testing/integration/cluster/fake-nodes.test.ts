import { afterEach, describe, expect, it } from "vitest";
import type { ChatPart, ChatRequest } from "#lib/local-models.ts";
import { startTestCluster, type TestCluster } from "#testing/fakes/fake-ollama/cluster.ts";
import { startFakeOllama, type FakeOllama } from "#testing/fakes/fake-ollama/server.ts";
import type { FakeBehaviour } from "#testing/fakes/fake-ollama/behaviour.ts";

const ask = (content: string): ChatRequest => ({
  messages: [{ role: "user", content }],
  options: { maxTokens: 200 },
});

async function collect(stream: AsyncGenerator<ChatPart, void>): Promise<readonly ChatPart[]> {
  const parts: ChatPart[] = [];
  for await (const part of stream) parts.push(part);
  return parts;
}

/** The text as a person sees it in the end: what came before a reset is gone. */
function textOf(parts: readonly ChatPart[]): string {
  const reset = parts.findLastIndex((part) => part.type === "reset");
  return parts
    .slice(reset + 1)
    .map((part) => (part.type === "text" ? part.text : ""))
    .join("");
}

describe("cluster of fake nodes over HTTP", () => {
  const ending: (() => Promise<unknown>)[] = [];
  afterEach(async () => {
    for (const end of ending.splice(0).reverse()) await end();
  });

  async function start(
    count: number,
    behaviour: Partial<FakeBehaviour> & { readonly loaded?: boolean } = {},
  ): Promise<{ readonly nodes: readonly FakeOllama[]; readonly cluster: TestCluster }> {
    const nodes: FakeOllama[] = [];
    for (let index = 0; index < count; index += 1) nodes.push(await startFakeOllama(behaviour));
    for (const node of nodes) ending.push(() => node.stop().catch(() => undefined));
    const cluster = await startTestCluster(
      nodes.map(({ url }, index) => ({
        id: `n${String(index)}`,
        url,
        slots: behaviour.slots ?? 1,
      })),
    );
    ending.push(() => cluster.stop());
    return { nodes, cluster };
  }

  const working = (nodes: readonly FakeOllama[]): FakeOllama | undefined =>
    nodes.find((node) => node.seen.some((seen) => seen.startedAt !== undefined));

  it("answers from another node when one is killed in the prefill", async () => {
    const { nodes, cluster } = await start(2, { prefillPerSecond: 200, batchTokens: 16 });
    const answer = collect(cluster.models.chat(ask("alpha ".repeat(100)), cluster.call()));
    await expect.poll(() => working(nodes)).toBeDefined();
    await working(nodes)?.stop();
    const parts = await answer;
    expect(parts.filter((part) => part.type === "reset")).toEqual([]);
    expect(textOf(parts).split(" ").filter(Boolean)).toHaveLength(100);
  });

  it("says reset and gives one whole answer when a node that cannot show its prompt is killed in the middle of one", async () => {
    const { nodes, cluster } = await start(2, { decodePerSecond: 100, canRender: false });
    const parts: ChatPart[] = [];
    for await (const part of cluster.models.chat(ask("alpha ".repeat(60)), cluster.call())) {
      parts.push(part);
      if (parts.length === 10) await working(nodes)?.stop();
    }
    expect(parts.filter((part) => part.type === "reset")).toEqual([{ type: "reset", attempt: 2 }]);
    expect(textOf(parts).split(" ").filter(Boolean)).toHaveLength(60);
    expect(parts.at(-1)?.type).toBe("usage");
  });

  it("never sends a node more chat requests at once than its slots, nor more than one embedding", async () => {
    const { nodes, cluster } = await start(2, { slots: 2, prefillPerSecond: 1000 });
    const { models } = cluster;
    const chats = Array.from({ length: 14 }, (_, index) =>
      collect(models.chat(ask(`question ${String(index)} `.repeat(8)), cluster.call())),
    );
    const embeddings = Array.from({ length: 14 }, (_, index) =>
      models.embed([`text ${String(index)}`], cluster.call()),
    );
    const answers = await Promise.all(chats);
    await Promise.all(embeddings);
    expect(answers.every((parts) => parts.at(-1)?.type === "usage")).toBe(true);
    for (const node of nodes) {
      expect(node.mostAtOnce.chat).toBeLessThanOrEqual(2);
      expect(node.mostAtOnce.embedding).toBeLessThanOrEqual(1);
    }
  });

  it("puts a question's embedding before the bulk that waits, at the next batch boundary", async () => {
    const { nodes, cluster } = await start(1, { embedMs: 10 });
    const texts = Array.from({ length: 100 }, (_, index) => `passage number ${String(index)}`);
    const bulk = cluster.models.embed(texts, cluster.call({ class: "ingest" }));
    await expect.poll(() => nodes[0]?.seen.length ?? 0).toBeGreaterThan(2);
    await cluster.models.embed(["the question"], cluster.call());
    const order = nodes[0]?.seen.map((seen) => seen.body["input"] as readonly string[]) ?? [];
    const place = order.findIndex((inputs) => inputs[0] === "the question");
    await bulk;
    expect(nodes[0]?.seen.length).toBe(21);
    expect(place).toBeLessThan(10);
    expect(order.every((inputs) => inputs.length <= 5)).toBe(true);
  });

  it("cuts bulk work by its length as well: long passages go two at a time, none is lost", async () => {
    const { nodes, cluster } = await start(1);
    const texts = Array.from(
      { length: 7 },
      (_, index) => `p${String(index)} ${"word ".repeat(150)}`,
    );
    const { vectors } = await cluster.models.embed(texts, cluster.call({ class: "ingest" }));
    expect(vectors).toHaveLength(7);
    const sizes = nodes[0]?.seen.map((seen) => (seen.body["input"] as readonly string[]).length);
    expect(sizes?.toSorted()).toEqual([1, 2, 2, 2]);
  });

  it("keeps the order of the inputs and computes equal texts asked at the same time once", async () => {
    const { nodes, cluster } = await start(2);
    const { models } = cluster;
    const [first, second] = await Promise.all([
      models.embed(["alpha", "beta", "alpha"], cluster.call()),
      models.embed(["alpha", "beta", "alpha"], cluster.call()),
    ]);
    expect(first.vectors[0]).toEqual(first.vectors[2]);
    expect(first.vectors[1]).not.toEqual(first.vectors[0]);
    expect(second).toEqual(first);
    expect(nodes.flatMap((node) => node.seen)).toHaveLength(1);
    expect(first.space).toMatchObject({ model: "all-minilm", dimension: 64 });
  });

  it("loads both models on every node before anyone asks, and again when a node comes back empty", async () => {
    const { nodes, cluster } = await start(2, { loaded: false });
    const loaded = () => cluster.registry.entries().map((entry) => entry.loaded?.length ?? 0);
    expect(loaded()).toEqual([2, 2]);
    expect(nodes.flatMap((node) => node.seen)).toEqual([]);
    await nodes[0]?.stop();
    await expect
      .poll(() => cluster.registry.entry("n0")?.status.kind, { timeout: 12_000 })
      .toBe("unreachable");
    await nodes[0]?.restart();
    await expect
      .poll(() => nodes[0]?.loaded(), { timeout: 5000 })
      .toEqual(["smollm2:135m", "all-minilm:latest"]);
    const parts = await collect(cluster.models.chat(ask("back again"), cluster.call()));
    expect(textOf(parts)).toBe("back again");
  });

  it("answers as soon as a node is back when none was there", async () => {
    const { nodes, cluster } = await start(1);
    await nodes[0]?.stop();
    const answer = collect(cluster.models.chat(ask("patience pays"), cluster.call()));
    await expect.poll(() => cluster.registry.entry("n0")?.status.kind).toBe("unreachable");
    await nodes[0]?.restart();
    const parts = await answer;
    expect(textOf(parts)).toBe("patience pays");
    expect(parts.some((part) => part.type === "queued")).toBe(true);
  });
});
