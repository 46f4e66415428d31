import { expect, it } from "vitest";
import { drain, startVirtualCluster } from "#testing/fakes/virtual-cluster.ts";

/** Two nodes that have been measured. */
async function startMeasured() {
  const cluster = await startVirtualCluster(2);
  const answers = [1, 2].map(() => drain(cluster.ask(50, { words: 500 })));
  await cluster.clock.advance(10_000);
  await Promise.all(answers);
  return cluster;
}

it("asks a node that is silent between two items as soon when its prefill was to take long", async () => {
  const { clock, nodes, engine, ask, stop } = await startVirtualCluster(2);
  const answer = drain(ask(200, { words: 5000 }));
  // Nothing is measured yet: the prefill was predicted to take 25 s and more, and takes 5.
  await clock.advance(6000);
  for (const { id, become } of nodes) if (engine.ledger.inFlight(id, "chat") > 0) become("frozen");
  await clock.advance(5000);
  expect(engine.records.failovers().map(({ reason }) => reason)).toEqual(["frozen"]);
  await clock.advance(20_000);
  await answer;
  stop();
});

// Its limits alone would find it too, but only after 10 s before the first item and 20 s between two.
it.each([
  ["before the first item", 100],
  ["between two items", 1500],
])("asks a node that is silent %s, and leaves a frozen one within 4 s", async (_place, atMs) => {
  const { clock, nodes, engine, ask, stop } = await startMeasured();
  const answer = drain(ask(200, { prompt: "other ".repeat(500), answerId: "answer-1" }));
  await clock.advance(atMs);
  const [home] = nodes.filter(({ id }) => engine.ledger.inFlight(id, "chat") > 0);
  home?.become("frozen");
  await clock.advance(4000);
  const [failover] = engine.records.failovers();
  expect(failover).toMatchObject({
    ...{ nodeId: home?.id, reason: "frozen" },
    // By it an admin finds how the answer came about.
    answerId: "answer-1",
  });
  await clock.advance(10_000);
  await answer;
  stop();
});

it.each(["slow", "sound"] as const)("stays with a node that answers: %s", async (mood) => {
  const { clock, nodes, engine, ask, stop } = await startVirtualCluster(2);
  const answer = drain(ask(50, { words: 500 }));
  await clock.advance(100);
  for (const node of nodes) node.become(mood);
  await clock.advance(60_000);
  await answer;
  expect(engine.records.failovers()).toEqual([]);
  stop();
});
