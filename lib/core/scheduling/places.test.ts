import { describe, expect, it } from "vitest";
import { nodeOf, startDispatcher, waiterOf } from "#testing/fakes/named-nodes.ts";
import { milliseconds } from "../time/milliseconds.ts";
import { createNewcomers } from "./newcomers.ts";
import { createWaitingLists } from "./waiting-lists.ts";

const at = milliseconds;

describe("bulkheads", () => {
  it("leave people the last quarter of the chat slots that work", () => {
    const { dispatcher, enter, granted } = startDispatcher([nodeOf("a", { slots: 4 })]);
    for (let index = 0; index < 6; index += 1)
      enter(waiterOf(`agent-${String(index)}`, { class: "agent-high" }));
    expect(granted()).toHaveLength(3);
    dispatcher.setNodes([nodeOf("a", { slots: 4 }), nodeOf("b", { slots: 4 })]);
    expect(granted()).toHaveLength(3);
    dispatcher.setNodes([
      nodeOf("a", { slots: 4 }),
      nodeOf("b", { slots: 4, status: { kind: "draining" } }),
    ]);
    enter(waiterOf("person"));
    expect(granted()).toEqual(["person on a"]);
  });

  it("count nothing that people hold against the others", () => {
    const { enter, granted } = startDispatcher([nodeOf("a", { slots: 4 })]);
    for (const id of ["1", "2"]) enter(waiterOf(`person-${id}`));
    expect(granted()).toHaveLength(2);
    for (const id of ["1", "2"]) enter(waiterOf(`agent-${id}`, { class: "agent-low" }));
    expect(granted()).toHaveLength(2);
  });

  it("let bulk work hold half of them, and the only one", () => {
    const { enter, granted } = startDispatcher([nodeOf("a", { slots: 4 })]);
    for (let index = 0; index < 4; index += 1)
      enter(waiterOf(`bulk-${String(index)}`, { class: index < 2 ? "ingest" : "prewarm" }));
    expect(granted()).toHaveLength(2);
    enter(waiterOf("agent", { class: "agent-low" }));
    expect(granted()).toEqual(["agent on a"]);
    const alone = startDispatcher([nodeOf("a")]);
    alone.enter(waiterOf("bulk", { class: "ingest" }));
    expect(alone.granted()).toEqual(["bulk on a"]);
  });

  it("keep no embedding slot back, and give a question's vector the next one", () => {
    const { enter, granted, endAll } = startDispatcher([nodeOf("a"), nodeOf("b")]);
    for (let index = 0; index < 5; index += 1)
      enter(waiterOf(`batch-${String(index)}`, { kind: "embedding", class: "ingest" }));
    expect(granted()).toHaveLength(2);
    enter(waiterOf("question", { kind: "embedding", since: at(50), promptTokens: 500 }), 50);
    endAll(100);
    expect(granted(100).map((grant) => grant.split(" ")[0])).toContain("question");
  });
});

describe("places", () => {
  it("are on nodes that take work, on slow ones only where no other is free", () => {
    const { dispatcher, enter, granted } = startDispatcher([
      nodeOf("draining", { status: { kind: "draining" } }),
      nodeOf("ejected", { status: { kind: "ejected", until: at(1000) } }),
      nodeOf("unreachable", { status: { kind: "unreachable" } }),
      nodeOf("slow", { status: { kind: "degraded", reason: "slow-version" } }),
      nodeOf("well", { penaltyMs: at(3000) }),
    ]);
    for (const id of ["1", "2", "3"]) enter(waiterOf(id));
    expect(granted()).toEqual(["1 on well", "2 on slow"]);
    expect(granted(10_000)).toEqual([]);
    expect(dispatcher.hasDeclined()).toBe(false);
  });

  it("are not where the request failed, unless there is no other", () => {
    const nodes = [nodeOf("a"), nodeOf("b", { penaltyMs: at(20_000) })];
    const two = startDispatcher(nodes);
    two.enter(waiterOf("1", { avoidNodeIds: ["a"] }));
    expect(two.granted()).toEqual(["1 on b"]);
    const one = startDispatcher(nodes.slice(0, 1));
    one.enter(waiterOf("1", { avoidNodeIds: ["a"] }));
    expect(one.granted()).toEqual(["1 on a"]);
  });

  it("have the model in memory for 20 s after its last answer there, whatever the node's list says", () => {
    const { dispatcher, enter, granted, endAll } = startDispatcher([
      nodeOf("a", { resident: [] }),
      nodeOf("b", { resident: [], penaltyMs: at(60_000) }),
    ]);
    const expected = (id: string, now: number): number | undefined => {
      enter(waiterOf(id), now);
      return dispatcher.grants(at(now))[0]?.predicted.loadMs;
    };
    expect(expected("first", 0)).toBe(5000);
    dispatcher.begun("lease-1", at(5000));
    endAll(6000);
    expect(expected("soon", 24_999)).toBe(0);
    endAll(25_000);
    expect(expected("late", 25_000)).toBe(5000);
    endAll(26_000);
    expect(granted(26_000)).toEqual([]);
  });

  it("stay taken while a node works on what its caller left, and a lease ends once", () => {
    const { dispatcher, enter, granted } = startDispatcher([nodeOf("a")]);
    enter(waiterOf("left"));
    granted();
    expect(dispatcher.runningOf("chat", "interactive")).toBe(1);
    expect(dispatcher.runningOf("chat", "ingest")).toBe(0);
    expect(dispatcher.runningOf("embedding", "interactive")).toBe(0);
    expect(dispatcher.end("lease-1", { bookedMs: 300 }, at(10))).toBe(true);
    expect(dispatcher.end("lease-1", {}, at(10))).toBe(false);
    expect(dispatcher.runningOf("chat", "interactive")).toBe(0);
    enter(waiterOf("next"));
    expect(granted(20)).toEqual([]);
    expect(dispatcher.state.view.slotTimes("a", "chat", at(110))).toEqual([200]);
    expect(dispatcher.free("lease-1")).toBe(true);
    expect(granted(310)).toEqual(["next on a"]);
    expect(dispatcher.end("unknown", {}, at(310))).toBe(false);
  });
});

describe("yields", () => {
  const bulk = (id: string, promptTokens: number) =>
    waiterOf(id, { class: "ingest", promptTokens, outputTokens: 1 });
  const nodes = [nodeOf("a", { slots: 4 })];

  it("are of the bulk work with most left to read, one for each who waits, each once", () => {
    const { dispatcher, enter, granted } = startDispatcher(nodes);
    enter(bulk("less", 4000));
    enter(bulk("more", 8000));
    expect(granted()).toEqual(["less on a", "more on a"]);
    expect(dispatcher.yields(at(100))).toEqual([]);
    enter(waiterOf("person"), 100);
    expect(dispatcher.yields(at(100))).toEqual(["lease-2"]);
    expect(dispatcher.yields(at(100))).toEqual([]);
    enter(waiterOf("other"), 100);
    expect(dispatcher.yields(at(100))).toEqual(["lease-1"]);
    for (const id of ["lease-1", "lease-2"]) dispatcher.end(id, {}, at(700));
    granted(700);
    // What was begun for nothing once is begun for good.
    enter(bulk("less", 4000), 800);
    enter(bulk("more", 8000), 800);
    granted(800);
    for (let index = 0; index < 3; index += 1) enter(waiterOf(`third-${String(index)}`), 900);
    expect(dispatcher.yields(at(900))).toEqual([]);
  });

  it("are none of agents, of texts that have begun, of loads and of what is nearly read", () => {
    const { dispatcher, enter, granted } = startDispatcher(nodes);
    enter(bulk("begun", 8000));
    enter(waiterOf("agent", { class: "agent-low", promptTokens: 8000 }));
    granted();
    dispatcher.begun("lease-1", at(10));
    dispatcher.begun("lease-2", at(10));
    enter(bulk("nearly", 4000), 10);
    granted(10);
    enter(waiterOf("person"), 19_900);
    // 4,000 tokens at the assumed 200 a second take 20 s; a batch of 128 takes .64 s.
    expect(dispatcher.yields(at(19_900))).toEqual([]);
    const cold = startDispatcher([nodeOf("a", { slots: 4, resident: [] })]);
    cold.enter(bulk("loads", 8000));
    cold.granted();
    cold.enter(waiterOf("person"), 100);
    expect(cold.dispatcher.yields(at(4900))).toEqual([]);
  });
});

describe("clients", () => {
  it("are forgotten with their last request: who comes back begins level", () => {
    const { enter, granted, endAll } = startDispatcher([nodeOf("a")]);
    for (const id of ["1", "2"])
      enter(waiterOf(`dear-${id}`, { client: "dear", outputTokens: 400 }));
    for (const now of [0, 10]) {
      expect(granted(now)).toHaveLength(1);
      endAll(now);
    }
    enter(waiterOf("back", { client: "dear", since: at(20) }), 20);
    enter(waiterOf("new", { since: at(21) }), 21);
    expect(granted(30)).toEqual(["back on a"]);
  });

  it("who had more wait longer under a policy that only chooses nodes, until they have waited long", () => {
    const rush = (now: number): readonly string[] => {
      const { enter, granted, endAll } = startDispatcher([nodeOf("a")], "round-robin");
      enter(waiterOf("dear-1", { client: "dear", outputTokens: 4000 }));
      enter(waiterOf("dear-2", { client: "dear", since: at(1) }));
      enter(waiterOf("young", { since: at(3) }));
      enter(waiterOf("old", { since: at(2) }));
      expect(granted(3)).toEqual(["dear-1 on a"]);
      return [1, 2, 3].flatMap(() => {
        endAll(now);
        return granted(now);
      });
    };
    expect(rush(1000)).toEqual(["old on a", "young on a", "dear-2 on a"]);
    expect(rush(180_003)).toEqual(["dear-2 on a", "old on a", "young on a"]);
  });
});

describe("createWaitingLists", () => {
  it("keeps the oldest first, whenever they came", () => {
    const lists = createWaitingLists();
    for (const since of [5, 10, 15, 7, 1, 20])
      lists.add(waiterOf(String(since), { since: at(since) }));
    const order = (): readonly string[] => lists.of("chat", "interactive").map(({ id }) => id);
    expect(order()).toEqual(["1", "5", "7", "10", "15", "20"]);
    expect(lists.remove("7")?.id).toBe("7");
    expect(lists.remove("7")).toBe(undefined);
    expect(order()).toEqual(["1", "5", "10", "15", "20"]);
    lists.add(waiterOf("batch", { kind: "embedding", class: "ingest" }));
    expect(lists.classes("chat")).toEqual(["interactive"]);
    expect(lists.classes("embedding")).toEqual(["ingest"]);
    expect([lists.count("chat"), lists.count("embedding")]).toEqual([5, 1]);
  });
});

describe("createNewcomers", () => {
  it("tells the pace of the last half minute from eight requests on", () => {
    const newcomers = createNewcomers();
    for (let number = 0; number < 7; number += 1)
      newcomers.entered(waiterOf(String(number)), at(number * 1000));
    expect(newcomers.recent(at(7000))).toBe(null);
    newcomers.entered(waiterOf("7"), at(7000));
    expect(newcomers.recent(at(8000))).toMatchObject({ everyMs: 1000 });
    expect(newcomers.recent(at(8000))?.waiters).toHaveLength(8);
    // The first is half a minute old.
    expect(newcomers.recent(at(30_000))).toBe(null);
    for (let number = 8; number < 100; number += 1)
      newcomers.entered(waiterOf(String(number)), at(30_000));
    expect(newcomers.last().map(({ id }) => id)).toEqual(
      Array.from({ length: 64 }, (_, index) => String(36 + index)),
    );
    // All at once: never more than one a millisecond.
    expect(newcomers.recent(at(30_000))?.everyMs).toBe(1);
  });
});
