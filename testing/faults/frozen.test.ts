import { describe, it } from "vitest";
import type { FakeBehaviour } from "#testing/fakes/fake-ollama/behaviour.ts";
import { startHerd, type Herd } from "./herd.ts";
import { faultsOf } from "./ledger.ts";
import { reached, until } from "./reached.ts";

const tokens = 40;
const foundWithinMs = 15_000;

const within = async (
  behaviour: Partial<FakeBehaviour>,
  count: number,
  story: (herd: Herd) => Promise<void>,
): Promise<void> => {
  const herd = await startHerd(count, behaviour);
  try {
    await story(herd);
  } finally {
    for (const node of herd.nodes) node.thaw();
    await herd.stop();
  }
};

const reasonsIn = ({ cluster }: Herd): readonly string[] =>
  cluster.engine.records.failovers().map(({ reason }) => reason);

// Each waits for most of its time: they wait beside each other.
describe.concurrent("one answer through a node that is silent or slow", () => {
  it("frozen in the prefill: found by asking it, within 15 s, and moved", ({ expect }) =>
    within({ prefillPerSecond: 400, batchTokens: 16 }, 2, async (running) => {
      const answer = running.ask(tokens, 150);
      const node = await reached(running, 0);
      node.freeze();
      const seen = await answer;
      node.thaw();
      expect(faultsOf(seen)).toEqual([]);
      expect(seen.firstTokenMs).toBeLessThan(foundWithinMs);
      expect([seen.resumes, seen.resets]).toEqual([0, 0]);
      expect(reasonsIn(running)).toEqual(["frozen"]);
    }));

  it("frozen between tokens: resumed elsewhere, and what it says when it wakes is nobody's", ({
    expect,
  }) =>
    within({ decodePerSecond: 60 }, 2, async (running) => {
      const answer = running.ask(tokens);
      const node = await reached(running, 1);
      node.freeze();
      const seen = await answer;
      node.thaw();
      expect(faultsOf(seen)).toEqual([]);
      expect(seen.longestGapMs).toBeLessThan(foundWithinMs);
      expect(seen.resumes).toBe(1);
      expect(reasonsIn(running)).toEqual(["frozen"]);
      // It is back in the rotation by itself.
      await until(() => running.cluster.registry.entry(node.id)?.status.kind === "available");
    }));

  it("both nodes frozen: the answer waits in the line, and comes when one wakes", ({ expect }) =>
    within({ decodePerSecond: 60 }, 2, async (running) => {
      const answer = running.ask(tokens, 20);
      const node = await reached(running, 0);
      for (const one of running.nodes) one.freeze();
      const frozenAt = performance.now();
      await until(() => running.cluster.engine.records.waiting().interactive === 1);
      expect(performance.now() - frozenAt).toBeLessThan(foundWithinMs);
      node.thaw();
      expect(faultsOf(await answer)).toEqual([]);
    }));

  it("whose model process is frozen while the node answers: told by its silent list of models", ({
    expect,
  }) =>
    within({ decodePerSecond: 60 }, 2, async (running) => {
      const answer = running.ask(tokens);
      const node = await reached(running, 1);
      await node.behave({ fault: "freeze-model" });
      const seen = await answer;
      expect(faultsOf(seen)).toEqual([]);
      expect(seen.resumes).toBe(1);
      expect(reasonsIn(running)).toEqual(["frozen-model"]);
    }));

  it("slowed to a tenth: it is slow, not dead, and answers", ({ expect }) =>
    within({ prefillPerSecond: 1000, decodePerSecond: 400 }, 1, async (running) => {
      expect(faultsOf(await running.ask(tokens, 200))).toEqual([]);
      await running.nodes[0]?.behave({ prefillPerSecond: 100, decodePerSecond: 40 });
      const seen = await running.ask(tokens, 200);
      expect(faultsOf(seen)).toEqual([]);
      expect([seen.resumes, seen.resets]).toEqual([0, 0]);
      expect(reasonsIn(running)).toEqual([]);
    }));
});
