import { describe, expect, it } from "vitest";
import { chatModel, nodeOf, startDispatcher, waiterOf } from "#testing/fakes/named-nodes.ts";
import { milliseconds } from "../time/milliseconds.ts";
import { forecastOf } from "./forecast.ts";

const at = milliseconds;
const chat = chatModel;

const fast = { [chat]: { prefillPerSecond: 800, decodePerSecond: 80 } };
const slow = { [chat]: { prefillPerSecond: 100, decodePerSecond: 10 } };

const start = (...nodes: Parameters<typeof startDispatcher>[0]) => startDispatcher(nodes);

describe("Dispatcher", () => {
  it("holds classes that are to wait, however long, and goes on with them afterwards", () => {
    const { dispatcher, enter, granted, held } = start(nodeOf("a", { slots: 4 }));
    held.add("agent-low").add("ingest");
    enter(waiterOf("low", { class: "agent-low" }));
    enter(waiterOf("bulk", { class: "ingest" }));
    enter(waiterOf("person"));
    expect(granted()).toEqual(["person on a"]);
    expect(granted(200_000)).toEqual([]);
    const forecast = forecastOf(dispatcher.state, "chat", at(200_000));
    expect([...forecast.turns().keys()]).toEqual([]);
    held.clear();
    expect(granted(200_100)).toEqual(["low on a", "bulk on a"]);
  });

  it("gives the freed slot to the shortest request, and to the older of equals", () => {
    const { enter, granted, endAll } = start(nodeOf("a"));
    enter(waiterOf("holder"));
    granted();
    enter(waiterOf("long", { outputTokens: 400 }));
    enter(waiterOf("young", { since: at(5) }));
    enter(waiterOf("old", { since: at(1) }));
    const order = [1, 2, 3].flatMap(() => {
      endAll(10);
      return granted(10);
    });
    expect(order).toEqual(["old on a", "young on a", "long on a"]);
  });

  it("lets a client of many requests have one turn before another's first, not more", () => {
    const { enter, granted, endAll } = start(nodeOf("a"));
    for (let index = 0; index < 6; index += 1)
      enter(waiterOf(`flood-${String(index)}`, { client: "flood" }));
    granted();
    enter(waiterOf("modest", { since: at(9), outputTokens: 30 }));
    const order = [1, 2, 3].flatMap(() => {
      endAll();
      return granted();
    });
    expect(order).toEqual(["flood-1 on a", "modest on a", "flood-2 on a"]);
  });

  it("counts output twice: who had more written for him waits longer than who had more read", () => {
    const { enter, granted, endAll } = start(nodeOf("a"));
    enter(waiterOf("holder"));
    granted();
    const large = { promptTokens: 1000, outputTokens: 100 };
    enter(waiterOf("reads-1", { client: "reads", promptTokens: 60, outputTokens: 2 }));
    enter(waiterOf("writes-1", { client: "writes", promptTokens: 2, outputTokens: 40 }));
    enter(waiterOf("writes-2", { client: "writes", since: at(1), ...large }));
    enter(waiterOf("reads-2", { client: "reads", since: at(2), ...large }));
    const order = [1, 2, 3, 4].flatMap(() => {
      endAll(10);
      return granted(10);
    });
    expect(order).toEqual(["reads-1 on a", "writes-1 on a", "reads-2 on a", "writes-2 on a"]);
  });

  it("charges clients what their work cost, not what was predicted", () => {
    const { dispatcher, enter, granted } = start(nodeOf("a"));
    for (const client of ["cheap", "dear"])
      for (const turn of ["1", "2"]) enter(waiterOf(`${client}-${turn}`, { client }));
    for (const outputTokens of [1, 4000]) {
      granted();
      for (const id of [...dispatcher.state.leases.keys()])
        dispatcher.end(id, { counted: { promptTokens: 1, outputTokens } }, at(0));
    }
    expect(granted()).toEqual(["cheap-2 on a"]);
  });

  it("brings a conversation back to the node that holds its prefix, and pulls it before others", () => {
    const { enter, granted, endAll } = start(nodeOf("a"), nodeOf("b"));
    const prefix = { hashes: ["x", "y"], tokensPerBlock: 400 };
    const talk = { promptTokens: 1000, prefix };
    enter(waiterOf("talk-1", talk));
    enter(waiterOf("filler"));
    const [first = "", second = ""] = [...granted()].sort().reverse();
    const home = first.slice(-1);
    const away = second.slice(-1);
    endAll();
    enter(waiterOf("stranger", { promptTokens: 1000, since: at(1) }));
    enter(waiterOf("talk-2", { ...talk, since: at(2) }));
    expect([...granted()].sort()).toEqual([`stranger on ${away}`, `talk-2 on ${home}`]);
  });

  it("leaves a slow node idle for a request that a fast one finishes sooner, but not for ever", () => {
    const { dispatcher, enter, granted } = start(
      nodeOf("fast", { rates: fast }),
      nodeOf("slow", { rates: slow }),
    );
    enter(waiterOf("1"));
    expect(granted()).toEqual(["1 on fast"]);
    enter(waiterOf("2"));
    expect(granted()).toEqual([]);
    expect(dispatcher.hasDeclined()).toBe(true);
    expect(granted(3000)).toEqual(["2 on slow"]);
  });

  it("lets a class that has had nothing for its bound take what is free, however slow", () => {
    const { enter, granted } = start(
      nodeOf("fast", { rates: fast }),
      nodeOf("slow", { rates: slow }),
    );
    const large = { promptTokens: 2000, outputTokens: 200 };
    enter(waiterOf("1", large));
    granted();
    enter(waiterOf("2", large));
    expect(granted(4999)).toEqual([]);
    expect(granted(5000)).toEqual(["2 on slow"]);
  });

  it("tries a node that has not been measured instead of waiting for one that has", () => {
    const { enter, granted } = start(
      nodeOf("measured", { rates: { [chat]: { prefillPerSecond: 1500, decodePerSecond: 100 } } }),
      nodeOf("new"),
    );
    enter(waiterOf("1", { promptTokens: 1000 }));
    enter(waiterOf("2", { promptTokens: 1000 }));
    expect(granted()).toHaveLength(2);
  });

  it("uses the slow node at once when the line for the fast one is long", () => {
    const { enter, granted } = start(
      nodeOf("fast", { rates: fast }),
      nodeOf("slow", { rates: slow }),
    );
    for (let index = 0; index < 10; index += 1) enter(waiterOf(String(index)));
    expect(granted()).toHaveLength(2);
  });

  it("keeps requests on nodes that have the model in memory while there is one", () => {
    const { enter, granted } = start(nodeOf("cold", { resident: [] }), nodeOf("warm"));
    enter(waiterOf("1"));
    enter(waiterOf("2"));
    expect(granted()).toEqual(["1 on warm"]);
  });

  it("loads one model a node at a time, and counts it as loaded from its first answer on", () => {
    const { dispatcher, enter, granted } = start(nodeOf("a", { slots: 4, resident: [] }));
    enter(waiterOf("1"));
    enter(waiterOf("2"));
    enter(waiterOf("3", { model: "other:1b" }));
    expect(granted()).toEqual(["1 on a"]);
    dispatcher.begun("lease-1", at(4000));
    expect(granted(4000)).toEqual(["2 on a", "3 on a"]);
  });

  it("prefers a node without recent failures", () => {
    const { enter, granted } = start(nodeOf("a", { penaltyMs: at(5000) }), nodeOf("b"));
    enter(waiterOf("1"));
    expect(granted()).toEqual(["1 on b"]);
  });

  // Shortest first, whatever it is: the size of one that is past the limit counts less and less, 150 s later not at all.
  it.each([
    [31_000, "short"],
    [179_000, "long"],
  ])(
    "lets a long request go before short ones some time past the age limit, at %d ms",
    (now, first) => {
      const { enter, granted, endAll } = start(nodeOf("a"));
      enter(waiterOf("holder"));
      granted();
      enter(waiterOf("long", { outputTokens: 2000 }));
      enter(waiterOf("short", { since: at(now - 500) }), now - 500);
      endAll(now);
      expect(granted(now)).toEqual([`${first} on a`]);
    },
  );

  it("lets even the greatest wait no longer than 150 s past the limit behind shorter ones", () => {
    const { enter, granted, endAll } = start(nodeOf("a"));
    enter(waiterOf("holder"));
    granted();
    enter(waiterOf("endless", { outputTokens: 1_000_000 }));
    let waitedMs = 0;
    for (let turn = 0; ; turn += 1) {
      waitedMs += 1000;
      enter(waiterOf(`short-${String(turn)}`, { since: at(waitedMs) }), waitedMs);
      endAll(waitedMs);
      if (granted(waitedMs)[0] === "endless on a") break;
    }
    expect(waitedMs).toBeLessThanOrEqual(181_000);
  });
});
