import { beforeEach, describe, expect, it } from "vitest";
import { createFakeClock } from "#testing/fakes/fake-clock.ts";
import { unusedNode } from "#testing/fakes/unused-node.ts";
import { AppError } from "../core/errors/app-error.ts";
import { milliseconds } from "../core/time/milliseconds.ts";
import type { LoadBalancer, Work } from "../load-balancer.ts";
import type { InstalledModel, NodeRerankRequest } from "../ports/model-node.ts";
import { createNodePairScorer } from "./node-pair-scorer.ts";
import { createNodeRegistry } from "./node-registry.ts";

const model = (name: string, ...capabilities: string[]): InstalledModel => ({
  ...{ name, digest: `digest of ${name}`, bytes: 1, capabilities },
});

describe("the cross-encoder of the cluster's nodes", () => {
  const clock = createFakeClock();
  let works: Work[] = [];
  let requests: NodeRerankRequest[] = [];
  let fault: Error | null = null;
  const node = {
    ...unusedNode("node-1"),
    rerank: (request: NodeRerankRequest) => {
      requests.push(request);
      return Promise.resolve(request.documents.map((text) => text.length / 100));
    },
  };
  const balancer: LoadBalancer = {
    async *run(work, attempt) {
      works.push(work);
      if (fault !== null) throw fault;
      const rates = { prefillPerSecond: 1, decodePerSecond: 1 };
      const context = { nodeId: "node-1", attempt: 1, rates, used: () => undefined };
      yield* attempt(node, { ...context, signal: work.signal });
    },
  };
  const scorerOver = (...installed: readonly InstalledModel[]) => {
    const registry = createNodeRegistry({
      ...{ clock, embedModel: "all-minilm", ledger: { setNodes: () => undefined } },
      nodes: [{ node, slots: 1, weight: 1 }],
    });
    registry.probed("node-1", { kind: "answered", tookMs: 1 });
    registry.update("node-1", { installed, version: "1" });
    return createNodePairScorer({ balancer, registry, clock });
  };
  const call = { class: "prewarm", client: "c", signal: new AbortController().signal } as const;
  const deadline = milliseconds(1_000_000_000);

  beforeEach(() => {
    [works, requests, fault] = [[], [], null];
  });

  it("is none without a model that says it scores pairs", async () => {
    const scorer = scorerOver(model("all-minilm:latest", "embedding"), model("chat:1b"));
    expect(scorer.fingerprint()).toBeNull();
    expect(await scorer.score([["a", "b"]], { ...call, deadline })).toBeNull();
    expect(works).toEqual([]);
  });

  it("asks pairs with one first text together, under the class of its caller, and names weights and engine", async () => {
    const scorer = scorerOver(model("z:1", "rerank"), model("b:1", "rerank"), model("a:1"));
    expect(scorer.fingerprint()).toBe("b:1 digest of b:1 ollama 1");
    const pairs = [
      ["a", "xx"],
      ["b", "x"],
      ["a", "xxx"],
    ] as const;
    expect(await scorer.score(pairs, { ...call, deadline })).toEqual([0.02, 0.01, 0.03]);
    expect(works).toMatchObject([{ class: "prewarm", kind: "embedding", model: "b:1" }]);
    expect(requests.map(({ query, documents }) => [query, documents])).toEqual([
      ["a", ["xx", "xxx"]],
      ["b", ["x"]],
    ]);
  });

  it("rests after a fault, so that it cannot take its node out of the rotation, but not when time was short", async () => {
    const scorer = scorerOver(model("b:1", "rerank"));
    const score = () => scorer.score([["a", "b"]], { ...call, deadline });
    fault = new AppError("deadline_exceeded", {});
    expect(await score()).toBeNull();
    fault = new AppError("node_failed", { nodeId: "node-1", reason: "status-500" });
    expect(await score()).toBeNull();
    fault = null;
    expect(await score()).toBeNull();
    expect(works).toHaveLength(2);
    await clock.advance(600_000);
    expect(await score()).toEqual([0.01]);
  });
});
