import { afterAll, afterEach, beforeAll, describe, expect, it } from "vitest";
import type { FakeBehaviour } from "#testing/fakes/fake-ollama/behaviour.ts";
import { herdOver, startNodes, type Herd } from "./herd.ts";
import { faultsOf, type SeenAnswer } from "./ledger.ts";
import type { NodeProcess } from "./node-process.ts";
import { reached } from "./reached.ts";

const tokens = 40;

describe("one answer through a broken node", () => {
  let all: readonly NodeProcess[];
  let herd: Herd | undefined;
  beforeAll(async () => {
    all = await startNodes(4);
  });
  afterEach(async () => {
    await herd?.stop();
    herd = undefined;
  });
  afterAll(async () => {
    await Promise.all(all.map((node) => node.stop()));
  });

  const start = async (behaviour: Partial<FakeBehaviour> = {}, count = 3): Promise<Herd> => {
    const nodes = all.slice(0, count);
    await Promise.all(nodes.map((node) => node.renew(behaviour)));
    herd = await herdOver(nodes, behaviour.slots ?? 1);
    return herd;
  };

  const sound = (answer: SeenAnswer): void => {
    expect(faultsOf(answer)).toEqual([]);
  };

  it("killed in the prefill: the answer moves, and the person sees only delay", async () => {
    const running = await start({ prefillPerSecond: 400, batchTokens: 16 });
    const answer = running.ask(tokens, 150);
    await (await reached(running, 0)).kill();
    const seen = await answer;
    sound(seen);
    expect([seen.resumes, seen.resets]).toEqual([0, 0]);
  });

  it("killed between tokens: it says resumed and goes on at the next token", async () => {
    const running = await start({ decodePerSecond: 60 });
    const answer = running.ask(tokens);
    const node = await reached(running, 1);
    await node.kill();
    // It is asked at once, not at its next turn.
    await expect
      .poll(() => running.cluster.registry.entry(node.id)?.status.kind)
      .toBe("unreachable");
    const seen = await answer;
    sound(seen);
    expect([seen.resumes, seen.resets]).toEqual([1, 0]);
    expect(seen.pieces).toHaveLength(2);
  });

  it("killed between tokens where the model starts afresh: it says reset and gives one whole answer", async () => {
    const running = await start({ decodePerSecond: 60, canRender: false });
    const answer = running.ask(tokens);
    await (await reached(running, 1)).kill();
    const seen = await answer;
    sound(seen);
    expect([seen.resumes, seen.resets]).toEqual([0, 1]);
  });

  it.each(["status-500", "refuse", "lie"] as const)(
    "that fails every call at once (%s): nothing is lost, and soon it is asked no more",
    async (fault) => {
      const running = await start();
      await running.nodes[0]?.behave({ fault });
      for (let turn = 0; turn < 20; turn += 1) sound(await running.ask(5));
      // Each failure costs it seconds in every comparison: quick failures attract no work.
      const failovers = running.cluster.engine.records.failovers();
      expect(failovers.length).toBeGreaterThan(0);
      expect(failovers.length).toBeLessThanOrEqual(2);
    },
  );

  it("whose probes are fine and whose calls all fail, and no other: it rests, the answer waits, and comes when it works again", async () => {
    const running = await start({ fault: "lie" }, 1);
    const answer = running.ask(tokens);
    const statusOf = () => running.cluster.registry.entry("n0")?.status.kind;
    await expect.poll(statusOf, { timeout: 10_000 }).toBe("ejected");
    const asked = await running.nodes[0]?.seen();
    // Five failures in a row, and the one that was on its way.
    expect(asked?.length).toBeLessThanOrEqual(6);
    await running.nodes[0]?.behave({ fault: "none" });
    sound(await answer);
  });

  it("whose weights differ: the model is not shared with it", async () => {
    const running = await start();
    await running.nodes[1]?.behave({ chatDigest: "f".repeat(64) });
    const { registry } = running.cluster;
    const installed = await registry
      .entry("n1")
      ?.node.installedModels(new AbortController().signal);
    registry.update("n1", { installed: installed ?? [] });
    // More at once than the other two have slots for.
    const answers = await Promise.all(Array.from({ length: 6 }, () => running.ask(10)));
    answers.forEach(sound);
    expect(await running.nodes[1]?.seen()).toEqual([]);
  });

  it.each([1, 2, 3])("%i of 4 nodes killed under load: every answer comes whole", async (dead) => {
    const running = await start({ decodePerSecond: 100, slots: 2 }, 4);
    const answers = Array.from({ length: 24 }, () => running.ask(30, 20));
    await reached(running, 1);
    for (const node of running.nodes.slice(0, dead)) await node.kill();
    (await Promise.all(answers)).forEach(sound);
  });

  it("all nodes killed: the queue holds, and goes on by itself when one is back", async () => {
    const running = await start({ decodePerSecond: 100 }, 2);
    const answers = Array.from({ length: 6 }, () => running.ask(20));
    await running.working();
    for (const node of running.nodes) await node.kill();
    const { registry, engine } = running.cluster;
    await expect
      .poll(() => registry.entries().every(({ status }) => status.kind === "unreachable"), {
        timeout: 8000,
      })
      .toBe(true);
    await expect.poll(() => engine.records.waiting().interactive).toBe(6);
    await running.nodes[0]?.restart();
    (await Promise.all(answers)).forEach(sound);
  });
});
