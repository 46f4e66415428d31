import { readFile, mkdtemp, rm } from "node:fs/promises";
import { createHash } from "node:crypto";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterAll, beforeAll, describe, expect, it } from "vitest";
import { createOllamaNode } from "#lib/adapters/ollama/ollama-node.ts";
import { createSystemClock } from "#lib/adapters/system/clock.ts";
import { composeEngine } from "#lib/composition/engine.ts";
import { createNodePairScorer } from "#lib/services/node-pair-scorer.ts";
import { pairScorerContract } from "#testing/contracts/pair-scorer.ts";
import { createMemoryContinuations } from "#testing/fakes/memory-continuations.ts";
import { writeTinyCrossEncoder } from "#testing/services/tiny-cross-encoder.ts";
import { postJson } from "./ollama-calls.ts";
import { startEmbeddedNodeIn, type RunningNode } from "./start-embedded-node.ts";

const model = "tiny-cross-encoder:latest";

/** A node that has nothing but a cross-encoder, which came as any other model does: a blob, then `create`. */
async function startWithScorer(): Promise<RunningNode & { readonly dir: string }> {
  const dir = await mkdtemp(join(tmpdir(), "drover-scorer-"));
  const file = join(dir, "upload");
  await writeTinyCrossEncoder(file);
  const bytes = await readFile(file);
  await rm(file);
  const node = await startEmbeddedNodeIn(dir);
  const digest = `sha256:${createHash("sha256").update(bytes).digest("hex")}`;
  const sent = await fetch(`${node.url}/api/blobs/${digest}`, { method: "POST", body: bytes });
  expect(sent.status).toBe(201);
  const body = { model, files: { "model.gguf": digest }, stream: false };
  expect(await postJson(node.url, "/api/create", body)).toMatchObject({ status: "success" });
  return { ...node, dir };
}

pairScorerContract("of an embedded node with a cross-encoder", async () => {
  const running = await startWithScorer();
  const clock = createSystemClock();
  const node = createOllamaNode({ id: "node-1", baseUrl: running.url, slots: 1 });
  const { balancer, registry, ...engine } = composeEngine({
    ...{ clock, chatModel: "smollm2:135m", embedModel: "all-minilm" },
    nodes: [{ node, slots: 1, weight: 1 }],
    continuations: createMemoryContinuations(() => null),
  });
  const ending = new AbortController();
  const ended = engine.run(ending.signal);
  const scorer = createNodePairScorer({ balancer, registry, clock });
  while (scorer.fingerprint() === null) await clock.sleep(20);
  return {
    scorer,
    clock,
    async close() {
      ending.abort(new Error("done"));
      await ended;
      await node.close();
      await running.stop();
      await rm(running.dir, { recursive: true });
    },
  };
});

describe("a cross-encoder on an embedded node", { timeout: 60_000 }, () => {
  let node: Awaited<ReturnType<typeof startWithScorer>>;
  const rerank = async (body: object) => {
    const response = await fetch(`${node.url}/v1/rerank`, {
      method: "POST",
      body: JSON.stringify({ model, ...body }),
    });
    return { status: response.status, body: (await response.json()) as Record<string, unknown> };
  };

  beforeAll(async () => {
    node = await startWithScorer();
  });
  afterAll(async () => {
    await node.stop();
    await rm(node.dir, { recursive: true });
  });

  it("is told from an embedder and from what chats", async () => {
    const { models } = (await (await fetch(`${node.url}/api/tags`)).json()) as {
      models: readonly { name: string; capabilities: readonly string[] }[];
    };
    expect(models).toMatchObject([{ name: model, capabilities: ["rerank"] }]);
    const embedded = await fetch(`${node.url}/api/embed`, {
      method: "POST",
      body: JSON.stringify({ model, input: "a text" }),
    });
    expect(embedded.status).toBe(501);
  });

  it("is loaded and unloaded by a request without a text", async () => {
    const loaded = async () =>
      ((await (await fetch(`${node.url}/api/ps`)).json()) as { models: { name: string }[] }).models;
    await postJson(node.url, "/api/embed", { model, keep_alive: -1 });
    expect(await loaded()).toMatchObject([{ name: model }]);
    await postJson(node.url, "/api/embed", { model, keep_alive: 0 });
    expect(await loaded()).toEqual([]);
  });

  it("answers best first, with the place that each document had", async () => {
    const documents = ["one text", "another", "quite a different thing"];
    const { status, body } = await rerank({ query: "what is one text", documents });
    expect(status).toBe(200);
    const results = body["results"] as { index: number; relevance_score: number }[];
    expect(results.map(({ index }) => index).sort()).toEqual([0, 1, 2]);
    const scores = results.map((one) => one.relevance_score);
    expect(scores).toEqual(scores.toSorted((one, other) => other - one));
    expect(new Set(scores).size).toBe(3);
  });

  it("refuses what is no pair of texts, what is too long for it, and models that do not score", async () => {
    expect((await rerank({ query: 1, documents: [] })).status).toBe(400);
    expect((await rerank({ query: "q", documents: ["d", 2] })).status).toBe(400);
    expect((await rerank({ query: "q", documents: ["word ".repeat(200)] })).status).toBe(400);
    expect((await rerank({ model: "missing", query: "q", documents: ["d"] })).status).toBe(404);
  });
});
