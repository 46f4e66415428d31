import { describe, expect, it } from "vitest";
import type { Engine } from "../composition/engine.ts";
import { takesWork } from "../core/health/node-health.ts";
import { drain, startVirtualCluster as start } from "#testing/fakes/virtual-cluster.ts";
import type { NodeMood } from "#testing/fakes/virtual-node.ts";
import { createChance } from "#testing/simulation/chance.ts";

const moods: readonly NodeMood[] = [
  "sound",
  "frozen",
  "frozen-model",
  "refusing",
  "failing",
  "slow",
];

const statuses = ({ registry }: Engine): readonly string[] =>
  registry.entries().map(({ status }) => status.kind);

const breakers = ({ registry }: Engine): readonly string[] =>
  registry.entries().map(({ health }) => health.breaker.state.kind);

const inFlight = ({ ledger, registry }: Engine): number =>
  registry
    .entries()
    .reduce(
      (sum, { node }) =>
        sum + ledger.inFlight(node.id, "chat") + ledger.inFlight(node.id, "embedding"),
      0,
    );

describe("a node that was away", () => {
  it("comes back by itself within 3 s of its restart", async () => {
    const { clock, nodes, engine, ask, stop } = await start(2);
    void drain(ask(100));
    void drain(ask(100));
    await clock.advance(500);
    nodes[0]?.become("refusing");
    await clock.advance(5000);
    expect(statuses(engine)).toEqual(["unreachable", "available"]);
    nodes[0]?.restart();
    await clock.advance(3000);
    expect(statuses(engine)).toEqual(["available", "available"]);
    stop();
  });

  it("comes back though a reader of its last answer has stopped reading", async () => {
    const { clock, nodes, engine, ask, stop } = await start(1);
    const answer = ask(100);
    await Promise.all([answer.next(), clock.advance(1000)]);
    // Nobody asks for the next part, and nobody says that he has left.
    expect(inFlight(engine)).toBe(1);
    nodes[0]?.become("refusing");
    await clock.advance(5000);
    nodes[0]?.restart();
    await clock.advance(5000);
    expect(statuses(engine)).toEqual(["available"]);
    expect(inFlight(engine)).toBe(0);
    stop();
  });

  it("gives its slot back at the deadline of an answer that nobody reads on", async () => {
    const { clock, engine, ask, stop } = await start(1);
    const answer = ask(100);
    await Promise.all([answer.next(), clock.advance(1000)]);
    await clock.advance(302_000);
    expect(inFlight(engine)).toBe(0);
    stop();
  });

  it("gives a slot back at the deadline that came to someone who no longer reads his place in line", async () => {
    const { clock, engine, ask, stop } = await start(1);
    void drain(ask(100));
    await clock.advance(100);
    const second = ask(100);
    const [told] = await Promise.all([second.next(), clock.advance(1000)]);
    expect(told.value).toMatchObject({ type: "queued", place: 1 });
    await clock.advance(5000);
    expect(inFlight(engine)).toBe(1);
    await clock.advance(300_000);
    expect(inFlight(engine)).toBe(0);
    stop();
  });

  const seeds = [1, 2, 3, 4];
  it.each(seeds)(
    "comes back within 30 s after two minutes of every kind of trouble, seed %d",
    async (seed) => {
      const { clock, nodes, engine, ask, stop } = await start(4, 2);
      const chance = createChance(seed);
      const asking: Promise<void>[] = [];
      for (let step = 0; step < 240; step += 1) {
        const node = nodes[chance.below(4)];
        if (chance.next() < 0.15) node?.become(moods[chance.below(moods.length)] ?? "sound");
        if (chance.next() < 0.05) node?.restart();
        const leaving = new AbortController();
        const answer = ask(1 + chance.below(60), {
          signal: leaving.signal,
          words: chance.below(2000),
        });
        if (chance.next() < 0.2)
          void clock.sleep(chance.below(3000)).then(() => {
            leaving.abort(new Error("left"));
          });
        asking.push(drain(answer));
        await clock.advance(500);
      }
      for (const node of nodes) node.restart();
      await clock.advance(30_000);
      expect(engine.registry.entries().map(({ status }) => takesWork(status))).toEqual(
        nodes.map(() => true),
      );
      await clock.advance(60_000);
      await Promise.all(asking);
      expect(inFlight(engine)).toBe(0);
      expect(engine.ledger.waiting()).toEqual([]);
      expect(breakers(engine)).toEqual(nodes.map(() => "closed"));
      stop();
    },
  );
});
