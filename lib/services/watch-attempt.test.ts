import { describe, expect, it } from "vitest";
import { AppError } from "../core/errors/app-error.ts";
import { createFakeClock } from "#testing/fakes/fake-clock.ts";
import { drain, startVirtualCluster } from "#testing/fakes/virtual-cluster.ts";
import { watchAttempt } from "./watch-attempt.ts";

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

describe("an attempt that does not hear that it is over", () => {
  const patient = {
    ...{ suspectFirstMs: 60_000, firstTokenMs: 60_000 },
    ...{ suspectNextMs: 60_000, interTokenMs: 60_000 },
  };
  const reason = new AppError("node_failed", { nodeId: "n0", reason: "unreachable" });

  /** Says a first word at once and a second one when it is told to, whatever its signal says. */
  function watchDeaf() {
    const clock = createFakeClock();
    const [lost, left] = [new AbortController(), new AbortController()];
    const late = Promise.withResolvers<undefined>();
    const attempt = {
      ...{ nodeId: "n0", limits: patient },
      surroundings: {
        lost: lost.signal,
        ask: () => Promise.reject(new Error("nobody asks within this test")),
        isLoading: () => false,
        hasOther: () => true,
      },
      async *run() {
        yield "early";
        await late.promise;
        yield "late";
      },
    };
    const seen: string[] = [];
    const state: { end: unknown } = { end: undefined };
    void (async () => {
      for await (const item of watchAttempt(clock, attempt, left.signal)) seen.push(item);
      state.end = "done";
    })().catch((error: unknown) => {
      state.end = error;
    });
    return { clock, lost, left, late, seen, state };
  }

  it.each(["lost", "left"] as const)("ends without its late words: %s", async (how) => {
    const watched = watchDeaf();
    const { clock, late, seen, state } = watched;
    await clock.advance(0);
    watched[how].abort(reason);
    await clock.advance(0);
    // It has not said its word yet, and nobody waits for it.
    expect(state.end).toBe(reason);
    late.resolve(undefined);
    await clock.advance(0);
    expect(seen).toEqual(["early"]);
  });

  it.each(["lost", "left"] as const)("the word comes in the same moment: %s", async (how) => {
    const watched = watchDeaf();
    const { clock, late, seen, state } = watched;
    await clock.advance(0);
    watched[how].abort(reason);
    late.resolve(undefined);
    await clock.advance(0);
    expect(state.end).toBe(reason);
    expect(seen).toEqual(["early"]);
  });
});
