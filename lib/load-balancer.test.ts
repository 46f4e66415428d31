import fc from "fast-check";
import { describe, expect, it } from "vitest";
import { createMemorySlotLedger } from "./adapters/memory/slot-ledger.ts";
import { policies } from "./core/balancing/policies.ts";
import { AppError, isAppError } from "./core/errors/app-error.ts";
import { milliseconds } from "./core/time/milliseconds.ts";
import { createLoadBalancer, type AttemptContext, type Work } from "./load-balancer.ts";
import type { ModelNode } from "./ports/model-node.ts";
import { createCallRecords } from "./services/call-records.ts";
import { createModelLoader } from "./services/model-loader.ts";
import { createNodeRegistry } from "./services/node-registry.ts";
import { createFakeClock } from "#testing/fakes/fake-clock.ts";
import { unusedNode } from "#testing/fakes/unused-node.ts";

const model = "chat:1b";

function start(nodeIds: readonly string[], slots = 1) {
  const clock = createFakeClock();
  const ledger = createMemorySlotLedger({ clock, policy: () => policies["predicted-time"] });
  const nodes = nodeIds.map((id) => ({ node: unusedNode(id), slots, weight: 1 }));
  const registry = createNodeRegistry({ nodes, ledger, clock, embedModel: "embed" });
  const up = (nodeId: string): void => {
    registry.probed(nodeId, { kind: "answered", tookMs: 1 });
    registry.resetBreaker(nodeId);
    registry.update(nodeId, {
      installed: [{ name: model, digest: "d", bytes: 1, capabilities: [] }],
    });
  };
  nodeIds.forEach(up);
  const records = createCallRecords({ clock });
  const loader = createModelLoader({ registry, clock });
  // Sound as far as it can be asked: what a silent node means is the matter of watch-attempt.
  const monitor = { control: async () => ({ version: "answers" as const, loaded: [model] }) };
  const balancer = createLoadBalancer({ ledger, registry, clock, loader, monitor, records });
  const work = (change: Partial<Work> = {}): Work => ({
    kind: "chat",
    model,
    class: "interactive",
    client: "someone",
    deadline: milliseconds(clock.now() + 300_000),
    signal: new AbortController().signal,
    estimatedPromptTokens: 1000,
    ...change,
  });
  return { clock, ledger, registry, balancer, work, up };
}

/** Collects what a run yields; `end` tells how it ended. */
function collect<T>(run: AsyncGenerator<T, void>) {
  const items: T[] = [];
  const state: { items: T[]; end: unknown } = { items, end: undefined };
  const done = (async () => {
    for await (const item of run) items.push(item);
    state.end = "done";
  })().catch((error: unknown) => {
    state.end = error;
  });
  return Object.assign(state, { done });
}

const failed = (nodeId: string, reason = "cut"): AppError =>
  new AppError("node_failed", { nodeId, reason });

describe("LoadBalancer", () => {
  it("goes to another node when one fails before the first item, and yields the work once", async () => {
    const { clock, balancer, work, registry } = start(["a", "b"]);
    const tried: string[] = [];
    const run = collect(
      balancer.run(work(), async function* (node: ModelNode) {
        tried.push(node.id);
        if (tried.length === 1) throw failed(node.id);
        yield "text";
      }),
    );
    await clock.advance(0);
    expect(run.end).toBe("done");
    expect(run.items).toEqual(["text"]);
    expect(new Set(tried).size).toBe(2);
    expect(registry.entry(tried[0] ?? "")?.health.failedAt).toHaveLength(1);
  });

  it("hands a failure after the first item to the caller instead of repeating it", async () => {
    const { clock, balancer, work } = start(["a", "b"]);
    let attempts = 0;
    const run = collect(
      balancer.run(work(), async function* (node: ModelNode) {
        attempts += 1;
        yield "text";
        throw failed(node.id);
      }),
    );
    await clock.advance(0);
    expect(run.items).toEqual(["text"]);
    expect(isAppError(run.end, "node_failed")).toBe(true);
    expect(attempts).toBe(1);
  });

  it("goes to another node at once when its own is lost, though the attempt there hears nothing, and passes none of its late words on", async () => {
    const { clock, balancer, work, registry } = start(["a", "b"]);
    const tried: string[] = [];
    const late = Promise.withResolvers<undefined>();
    const run = collect(
      balancer.run(work(), async function* (node: ModelNode) {
        tried.push(node.id);
        if (tried.length === 1) await late.promise;
        yield `text of ${node.id}`;
      }),
    );
    await clock.advance(0);
    const [first = ""] = tried;
    registry.probed(first, { kind: "refused" });
    await clock.advance(0);
    expect(run.items).toEqual([`text of ${tried[1] ?? ""}`]);
    late.resolve(undefined);
    await clock.advance(0);
    expect(run.items).toHaveLength(1);
    expect(tried).toHaveLength(2);
  });

  it("does not try elsewhere what every node would refuse", async () => {
    const { clock, balancer, work, registry } = start(["a", "b"]);
    let attempts = 0;
    const run = collect(
      balancer.run(work(), async function* () {
        attempts += 1;
        throw new AppError("context_exceeded", {});
      }),
    );
    await clock.advance(0);
    expect(isAppError(run.end, "context_exceeded")).toBe(true);
    expect(attempts).toBe(1);
    expect(registry.entries().every((entry) => entry.health.failedAt.length === 0)).toBe(true);
  });

  it("waits in the queue at its old age when no node is left, and runs when one is back", async () => {
    const { clock, balancer, work, up } = start(["a"]);
    let attempts = 0;
    async function* attempt(node: ModelNode) {
      attempts += 1;
      if (attempts === 1) throw failed(node.id, "refused");
      yield `attempt ${String(attempts)}`;
    }
    const run = collect(balancer.run(work(), attempt));
    await clock.advance(2000);
    expect(run.end).toBeUndefined();
    expect(run.items.at(-1)).toMatchObject({ type: "queued", place: 1 });
    up("a");
    await clock.advance(0);
    expect(run.end).toBe("done");
    expect(run.items.at(-1)).toBe("attempt 2");
  });

  it.each([
    ["while the node that failed may fail it again", "cut", 6],
    ["but not for a node that is gone", "refused", 7],
  ])("over the retry budget it waits a second, %s", async (_, reason, attemptsAtOnce) => {
    const { clock, balancer, work } = start(["a", "b", "c", "d", "e", "f", "g"]);
    let attempts = 0;
    const run = collect(
      balancer.run(work(), async function* (node: ModelNode) {
        attempts += 1;
        if (attempts <= 5) throw failed(node.id);
        if (attempts === 6) throw failed(node.id, reason);
        yield "text";
      }),
    );
    await clock.advance(0);
    expect(attempts).toBe(attemptsAtOnce);
    await clock.advance(1000);
    expect(run.end).toBe("done");
    expect(run.items.at(-1)).toBe("text");
  });

  it("gives up at the deadline, wherever the work is then", async () => {
    const { clock, balancer, work } = start([]);
    const waiting = collect(
      balancer.run(work({ deadline: milliseconds(5000) }), async function* () {
        yield "never";
      }),
    );
    await clock.advance(5001);
    expect(isAppError(waiting.end, "deadline_exceeded")).toBe(true);
  });

  it("says model_not_found once every node is known and none has the model", async () => {
    const { clock, balancer, work } = start(["a"]);
    const run = collect(
      balancer.run(work({ model: "other" }), async function* () {
        yield "never";
      }),
    );
    await clock.advance(0);
    expect(run.end).toMatchObject({ code: "model_not_found", details: { model: "other" } });
  });

  it("tells a waiter its place only when it really waits", async () => {
    const { clock, balancer, work } = start(["a"]);
    const hold = Promise.withResolvers<undefined>();
    async function* holding() {
      await hold.promise;
      yield "held";
    }
    const first = collect(balancer.run(work(), holding));
    const second = collect(balancer.run(work(), holding));
    await clock.advance(300);
    expect(second.items).toEqual([]);
    await clock.advance(200);
    expect(second.items).toEqual([{ type: "queued", place: 1, expectedMs: 4000 }]);
    hold.resolve(undefined);
    await clock.advance(0);
    expect(first.items).toEqual(["held"]);
    expect(second.items.at(-1)).toBe("held");
  });

  it("keeps the slot booked after an abort in the prefill to the end of the running batch, not longer", async () => {
    const { clock, balancer, work, ledger } = start(["a"]);
    const leaving = new AbortController();
    const run = collect(
      balancer.run(work({ signal: leaving.signal }), async function* (_node, context) {
        await clock.sleep(60_000, context.signal);
        yield "never";
      }),
    );
    // 1000 tokens at the assumed 200/s; a batch of 128 takes 640 ms: at 1000 ms the second one has 280 ms left.
    await clock.advance(1000);
    leaving.abort(new Error("stopped"));
    await clock.advance(279);
    expect(run.end).toMatchObject({ message: "stopped" });
    expect(ledger.inFlight("a", "chat")).toBe(1);
    await clock.advance(2);
    expect(ledger.inFlight("a", "chat")).toBe(0);
  });

  it("frees the slot at once when the reader leaves while text comes", async () => {
    const { clock, balancer, work, ledger } = start(["a"]);
    let cleaned = false;
    async function* endless(_node: ModelNode, context: AttemptContext) {
      try {
        for (;;) {
          yield "text";
          await clock.sleep(10, context.signal);
        }
      } finally {
        cleaned = true;
      }
    }
    for await (const item of balancer.run(work(), endless)) {
      expect(item).toBe("text");
      break;
    }
    expect(cleaned).toBe(true);
    expect(ledger.inFlight("a", "chat")).toBe(0);
  });

  it("ends every accepted run exactly once and gives every lease back, whatever the nodes do", async () => {
    const outcome = fc.constantFrom("ok", "fail", "refused", "slow", "fail-late", "abort");
    await fc.assert(
      fc.asyncProperty(
        fc.array(fc.array(outcome, { maxLength: 4 }), { maxLength: 12 }),
        async (jobs) => {
          const { clock, balancer, work, ledger, up } = start(["a", "b"], 2);
          let most = 0;
          const runs = jobs.map((script) => {
            const leaving = new AbortController();
            const plan = [...script];
            async function* attempt(node: ModelNode, { signal }: AttemptContext) {
              most = Math.max(most, ledger.inFlight(node.id, "chat"));
              const next = plan.shift() ?? "ok";
              await clock.sleep(50, signal);
              if (next === "fail") throw failed(node.id);
              if (next === "refused") throw failed(node.id, "refused");
              if (next === "slow") await clock.sleep(5000, signal);
              if (next === "abort") leaving.abort(new Error("left"));
              yield "text";
              if (next === "fail-late") throw failed(node.id);
            }
            return collect(balancer.run(work({ signal: leaving.signal }), attempt));
          });
          for (let step = 0; step < 40; step += 1) {
            up("a");
            up("b");
            await clock.advance(1000);
          }
          expect(runs.every((run) => run.end !== undefined)).toBe(true);
          expect(runs.every((run) => run.items.filter((item) => item === "text").length <= 1)).toBe(
            true,
          );
          expect(most).toBeLessThanOrEqual(2);
          expect(ledger.inFlight("a", "chat") + ledger.inFlight("b", "chat")).toBe(0);
        },
      ),
      { numRuns: 40 },
    );
  });
});
