import { describe, expect, it } from "vitest";
import { chatModel, nodeOf, startDispatcher, waiterOf } from "#testing/fakes/named-nodes.ts";
import type { NodeCapacity } from "../balancing/node-view.ts";
import { seededRandom } from "../evaluation/ranking-measures.ts";
import { milliseconds } from "../time/milliseconds.ts";
import { forecastOf } from "./forecast.ts";
import type { Waiter } from "./waiter.ts";
import { workClasses, type WorkKind } from "./work-class.ts";

const at = milliseconds;

/** A prompt's token takes a millisecond here, a written one ten. */
const measured = { prefillPerSecond: 1000, decodePerSecond: 100 };
const known = (id: string, change: Partial<NodeCapacity> = {}): NodeCapacity =>
  nodeOf(id, { rates: { [chatModel]: measured, "other:1b": measured }, ...change });

/** A request that takes so long on such a node. */
const taking = (id: string, ms: number, change: Partial<Waiter> = {}): Waiter =>
  waiterOf(id, { promptTokens: ms, outputTokens: 0, ...change });

type Started = ReturnType<typeof startDispatcher>;

const turnsOf = ({ dispatcher }: Started, now = 0) =>
  Object.fromEntries(
    [...forecastOf(dispatcher.state, "chat", at(now)).turns()].map(
      ([id, { place, expectedMs }]) => [id, [place, expectedMs]],
    ),
  );

const tailOf = ({ dispatcher }: Started, more = 0, now = 0, kind: WorkKind = "chat") =>
  forecastOf(dispatcher.state, kind, at(now)).tailMs("interactive", more);

/** Lets the dispatcher go on by itself, every request taking what was predicted. */
function playOn({ dispatcher }: Started, from: number): Record<string, readonly [number, number]> {
  const turns: Record<string, readonly [number, number]> = {};
  let now = from;
  for (;;) {
    const [next] = [...dispatcher.state.leases.values()].sort((a, b) => a.endsAt - b.endsAt);
    if (next === undefined) return turns;
    now = next.endsAt;
    dispatcher.end(next.grant.leaseId, {}, at(now));
    for (const { waiter } of dispatcher.grants(at(now)))
      turns[waiter.id] = [Object.keys(turns).length + 1, Math.round(now - from)];
  }
}

describe("the forecast of turns", () => {
  // With those that run fewer than eight came: nobody is guessed to come.
  const sizes = [700, 100, 1300, 400, 900, 250];

  it("is what then happens: by size, and on the slot that is free first", () => {
    const started = startDispatcher([known("a", { slots: 2 }), known("b")]);
    for (const ms of [450, 800, 1250]) started.enter(taking(`runs-${String(ms)}`, ms));
    expect(started.granted()).toHaveLength(3);
    for (const [index, ms] of sizes.slice(0, 4).entries()) started.enter(taking(String(index), ms));
    const told = turnsOf(started);
    expect(Object.keys(told)).toHaveLength(4);
    expect(told).toEqual(playOn(started, 0));
  });

  it("is what then happens, whatever waits since when", () => {
    const random = seededRandom(5);
    const below = (limit: number): number => Math.floor(random() * limit);
    for (let round = 0; round < 60; round += 1) {
      const started = startDispatcher([
        known("a", { slots: 1 + below(2) }),
        known("b", { slots: 1 + below(3) }),
      ]);
      for (let index = 0; index < 5; index += 1)
        started.enter(taking(`runs-${String(index)}`, 1001 + below(2000)));
      const running = started.granted().length;
      const since = (): Waiter["since"] => at(500 + below(500));
      for (let index = 0; index < 2; index += 1)
        started.enter(taking(String(index), 100 + below(4000), { since: since() }), 1000);
      const told = turnsOf(started, 1000);
      expect(Object.keys(told)).toHaveLength(7 - running);
      expect(told).toEqual(playOn(started, 1000));
    }
  });

  it("is what then happens where one client has had more than the other", () => {
    const started = startDispatcher([known("a")]);
    for (const [index, ms] of [50, 60, 70].entries())
      started.enter(taking(`had-${String(index)}`, ms, { client: "one" }));
    for (const [index, ms] of [100, 90].entries())
      started.enter(taking(`modest-${String(index)}`, ms, { client: "other" }));
    expect(started.granted()).toEqual(["had-0 on a"]);
    // 60 and 70 with the 50 it has had are 110 and 120; after 90 the other has had them too.
    const told = turnsOf(started);
    expect(told["modest-1"]).toEqual([1, 50]);
    expect(told).toEqual(playOn(started, 0));
  });

  it("is what then happens between classes, and between clients", () => {
    const started = startDispatcher([known("a")]);
    started.enter(taking("runs", 600));
    started.granted();
    for (const [index, ms] of sizes.entries())
      started.enter(
        taking(String(index), ms, {
          class: workClasses[index % 4] ?? "interactive",
          client: index % 2 === 0 ? "one" : "other",
        }),
      );
    const told = turnsOf(started);
    expect(told).toEqual(playOn(started, 0));
  });

  it("sends a request only where its model may run, and leaves out what no node serves", () => {
    const started = startDispatcher([
      known("a", { models: [chatModel] }),
      known("b", { models: ["other:1b"], resident: ["other:1b"] }),
    ]);
    started.enter(taking("on-a", 1000));
    started.enter(taking("on-b", 300, { model: "other:1b" }));
    expect(started.granted()).toHaveLength(2);
    started.enter(taking("for-a", 50));
    started.enter(taking("for-b", 5000, { model: "other:1b" }));
    started.enter(taking("for-none", 50, { model: "third:1b" }));
    expect(turnsOf(started)).toEqual({ "for-b": [1, 300], "for-a": [2, 1000] });
  });

  it("says the same however often it is asked, and nothing while no node works", () => {
    const started = startDispatcher([known("a")]);
    started.enter(taking("runs", 600));
    started.granted();
    started.enter(taking("waits", 100));
    const forecast = forecastOf(started.dispatcher.state, "chat", at(0));
    expect(forecast.turns()).toBe(forecast.turns());
    started.dispatcher.setNodes([]);
    expect(turnsOf(started)).toEqual({});
    expect(tailOf(started)).toBeNull();
  });
});

describe("those who will come", () => {
  /** Eight short requests came, one every `everyMs`, and had their turns; a long one waits, and the slot is free after `freeMs`. */
  function long(everyMs: number, shortMs: number, freeMs: number): Started & { now: number } {
    const started = startDispatcher([known("a")]);
    for (let index = 0; index < 8; index += 1) {
      started.enter(taking(`short-${String(index)}`, shortMs), index * everyMs);
      started.granted(index * everyMs);
      started.endAll(index * everyMs + shortMs);
    }
    const now = 8 * everyMs;
    started.enter(taking("runs", freeMs, { since: at(now) }), now);
    expect(started.granted(now)).toHaveLength(1);
    started.enter(taking("long", 10_000, { since: at(now) }), now);
    return { ...started, now };
  }

  it("go before a long request when they are there in time", () => {
    // Ten came in 24 s, one every 2,400 ms: the next one is there by then, or is not.
    const there = long(3000, 100, 2401);
    expect(turnsOf(there, there.now)).toEqual({ long: [1, 2501] });
    const late = long(3000, 100, 2399);
    expect(turnsOf(late, late.now)).toEqual({ long: [1, 2399] });
  });

  it("are no more than can be served, however many came at once", () => {
    // Eight of 2,000 ms at once, one of 6,000 and one of 10,000 are 3,200 each: the first is there after 3,200, the next after 6,400.
    const started = startDispatcher([known("a")]);
    for (let index = 0; index < 8; index += 1) {
      started.enter(taking(`short-${String(index)}`, 2000));
      started.granted();
      started.endAll();
    }
    started.enter(taking("runs", 6000));
    started.granted();
    started.enter(taking("long", 10_000));
    // One at 6,000, done at 8,000; the second came at 6,400 and is done at 10,000; the third came at 9,600: 12,000. The fourth comes at 12,800.
    expect(turnsOf(started)).toEqual({ long: [1, 12_000] });
  });

  it("do not stand for those who wait now", () => {
    const { now, ...started } = long(3000, 100, 3100);
    started.enter(taking("longer", 20_000, { since: at(now) }), now);
    // Eleven of 33,900 ms: one every 3,082. One is there before the first, three more come while that one runs.
    expect(turnsOf(started, now)).toEqual({ long: [1, 3200], longer: [2, 13_500] });
  });

  it("do not come where their class is held", () => {
    const low = { class: "agent-low" } as const;
    const started = startDispatcher([known("a")]);
    // Had so much for its weight that people would go first.
    started.enter(taking("had", 5000, low));
    started.granted();
    started.endAll(5000);
    for (let index = 0; index < 8; index += 1) {
      started.enter(taking(`short-${String(index)}`, 100), 6000);
      started.granted(6000);
      started.endAll(6000);
    }
    started.enter(taking("runs", 2000, low), 6000);
    started.granted(6000);
    started.enter(taking("agent", 100, low), 6000);
    // Eleven of 7,900 ms: one every 718, the first three of them people, who are there in time.
    expect(turnsOf(started, 6000)).toEqual({ agent: [1, 2300] });
    started.held.add("interactive");
    expect(turnsOf(started, 6000)).toEqual({ agent: [1, 2000] });
  });

  it("are not guessed from fewer than eight", () => {
    const started = startDispatcher([known("a")]);
    for (let index = 0; index < 5; index += 1) {
      started.enter(taking(`short-${String(index)}`, 10));
      started.granted();
      started.endAll();
    }
    started.enter(taking("runs", 6000));
    started.granted();
    started.enter(taking("long", 10_000));
    expect(turnsOf(started)).toEqual({ long: [1, 6000] });
  });
});

describe("the forecast for one more", () => {
  it("is the first free slot where nobody waits, and for those behind it what such requests take", () => {
    const started = startDispatcher([known("a", { slots: 2 })]);
    expect([tailOf(started), tailOf(started, 4)]).toEqual([0, 4 * (5000 / 2)]);
    started.enter(taking("1", 300));
    started.enter(taking("2", 500));
    started.granted();
    expect([tailOf(started), tailOf(started, 3)]).toEqual([300, 300 + 3 * (400 / 2)]);
    // What other work runs says nothing of this kind.
    expect(tailOf(started, 2, 0, "embedding")).toBe(2 * 5000);
    started.endAll(600);
    // Nothing runs: those that came last.
    expect(tailOf(started, 3, 600)).toBe(3 * (400 / 2));
  });

  it("goes by what runs before it goes by what came, and by nothing that no node serves", () => {
    const started = startDispatcher([known("a")]);
    started.enter(taking("for-none", 10, { model: "third:1b" }));
    started.dispatcher.leave("for-none");
    expect(tailOf(started, 2)).toBe(2 * 5000);
    started.enter(taking("was", 900));
    started.granted();
    started.endAll(900);
    expect(tailOf(started, 2, 900)).toBe(2 * 900);
    started.enter(taking("runs", 300, { since: at(900) }), 900);
    started.granted(900);
    expect(tailOf(started, 2, 900)).toBe(300 + 2 * 300);
  });

  it("is after the last one of the class, with one mean request for each slot", () => {
    const started = startDispatcher([known("a", { slots: 2 })]);
    for (const ms of [300, 700]) started.enter(taking(`runs-${String(ms)}`, ms));
    started.granted();
    for (const ms of [100, 200, 600]) started.enter(taking(`waits-${String(ms)}`, ms));
    // Turns at 300, 400 and 600 on the first slot; of 900 ms for three, half on each slot.
    expect([tailOf(started), tailOf(started, 2)]).toEqual([600 + 150, 600 + 3 * 150]);
    const forecast = forecastOf(started.dispatcher.state, "chat", at(0));
    expect(forecast.tailMs("agent-low", 2)).toBe(300 + 2 * 150);
  });

  it("counts those beyond the two hundred that are looked at", () => {
    const started = startDispatcher([known("a")]);
    started.enter(taking("runs", 50));
    started.granted();
    for (let index = 0; index < 300; index += 1) started.enter(taking(String(index), 100));
    const last = 50 + 199 * 100;
    expect(tailOf(started, 1)).toBe(last * 1.5 + 2 * 100);
    expect(Object.keys(turnsOf(started)).length).toBeLessThanOrEqual(200);
  });
});
