import { describe, expect, it } from "vitest";
import { nodeOf, waiterOf } from "#testing/fakes/named-nodes.ts";
import { milliseconds } from "../time/milliseconds.ts";
import { isAhead, pullBest, type LaterNode, type Pair, type PullView } from "./pull.ts";
import type { Waiter } from "./waiter.ts";

const at = milliseconds;
const now = 10_000;

/** A free place with what the request takes there, ms, beside so many others. */
interface Free {
  readonly totalMs: number;
  readonly inFlight?: number;
}

interface Row {
  readonly waiter: Waiter;
  readonly free: Readonly<Record<string, Free>>;
  readonly later?: Readonly<Record<string, number>>;
}

const rowOf = (
  id: string,
  waitedMs: number,
  free: Row["free"],
  later: Row["later"] = {},
  change: Partial<Waiter> = {},
): Row => ({ waiter: waiterOf(id, { since: at(now - waitedMs), ...change }), free, later });

function viewOf(
  rows: readonly Row[],
  {
    slots = {},
    excess = {},
    ...rest
  }: Partial<PullView> & {
    readonly slots?: Readonly<Record<string, readonly number[]>>;
    readonly excess?: Readonly<Record<string, number>>;
  } = {},
): PullView {
  const of = ({ id }: Waiter): Row | undefined => rows.find(({ waiter }) => waiter.id === id);
  const pairOf = (waiter: Waiter, id: string, { totalMs, inFlight = 0 }: Free): Pair => ({
    waiter,
    candidate: {
      ...{ node: nodeOf(id), inFlight, slots: 4, predictedMs: totalMs },
      ...{ lastGrant: 0, recentGrants: 0, peakMs: 0, errorShare: 0 },
    },
    predicted: { loadMs: 0, prefillMs: totalMs, decodeMs: 0, cachedTokens: 0, totalMs },
  });
  const none = (): void => undefined;
  return {
    now: at(now),
    waiters: rows.map(({ waiter }) => waiter),
    clients: {
      ...{ entered: none, left: none, charged: none },
      excess: (client) => excess[client] ?? 0,
    },
    ageLimitMs: Infinity,
    mayDecline: true,
    freeFor: (waiter) =>
      Object.entries(of(waiter)?.free ?? {}).map(([id, free]) => pairOf(waiter, id, free)),
    laterFor: (waiter): readonly LaterNode[] =>
      Object.entries(of(waiter)?.later ?? {}).map(([id, totalMs]) => ({ id, totalMs })),
    slotTimes: (nodeId) => slots[nodeId] ?? [],
    ...rest,
  };
}

const pulled = (...args: Parameters<typeof viewOf>): string | undefined => {
  const pair = pullBest(viewOf(...args));
  return pair === undefined ? undefined : `${pair.waiter.id} on ${pair.candidate.node.id}`;
};

describe("what a free slot pulls", () => {
  it("is the shortest, where a second of waiting is worth 50 ms", () => {
    const old = rowOf("old", 1000, { a: { totalMs: 1000 } });
    expect(pulled([old, rowOf("young", 0, { a: { totalMs: 949 } })])).toBe("young on a");
    expect(pulled([old, rowOf("young", 0, { a: { totalMs: 951 } })])).toBe("old on a");
    // Equal to the millisecond: the older one.
    expect(pulled([rowOf("young", 0, { a: { totalMs: 950 } }), old])).toBe("old on a");
  });

  it("is not ahead of itself, and behind what costs less however old it is", () => {
    const [one, other] = [
      { cost: 10, since: at(5) },
      { cost: 10.5, since: at(1) },
    ];
    expect([isAhead(one, other), isAhead(other, one), isAhead(one, one)]).toEqual([
      true,
      false,
      false,
    ]);
    expect(isAhead({ ...one, since: at(4) }, one)).toBe(true);
  });

  it("goes where it is sooner done, each request beside it slowing it by 15 %", () => {
    const beside = { a: { totalMs: 1000, inFlight: 2 } };
    expect(pulled([rowOf("one", 0, { ...beside, b: { totalMs: 1299 } })])).toBe("one on b");
    expect(pulled([rowOf("one", 0, { ...beside, b: { totalMs: 1301 } })])).toBe("one on a");
  });

  it("costs what its client has had beyond others in proportion to its own size", () => {
    // 100 + 2 × 50 = 200 virtual tokens; 50 beyond others are a quarter more.
    const size = { promptTokens: 100, outputTokens: 50 };
    const greedy = rowOf("greedy", 0, { a: { totalMs: 1000 } }, {}, size);
    const modest = (totalMs: number): Row => rowOf("modest", 0, { a: { totalMs } }, {}, size);
    const excess = { greedy: 50 };
    expect(pulled([greedy, modest(1249)], { excess })).toBe("modest on a");
    expect(pulled([greedy, modest(1251)], { excess })).toBe("greedy on a");
  });

  it("counts a request without tokens as one", () => {
    const none = { promptTokens: 0, outputTokens: 0 };
    const empty = rowOf("empty", 0, { a: { totalMs: 100 } }, {}, none);
    const other = (totalMs: number): Row => rowOf("other", 0, { a: { totalMs } });
    expect(pulled([empty, other(199)], { excess: { empty: 1 } })).toBe("other on a");
    expect(pulled([empty, other(201)], { excess: { empty: 1 } })).toBe("empty on a");
  });

  it("has half of its size left 75 s past the age limit", () => {
    const old = rowOf("old", 5000, { a: { totalMs: 10_000 } });
    const rivals = (totalMs: number): readonly Row[] => [
      old,
      rowOf("young", 0, { a: { totalMs } }),
    ];
    const later = { now: at(now + 100_000) };
    // Waited 105 s of 30 s: 10,000 × .5 − 5,250; the young one is there for 100 s and past the limit as well: × 80 / 150 − 5,000.
    const even = (10_000 * 0.5 - 250) / (80 / 150);
    expect(pulled(rivals(even - 1), { ...later, ageLimitMs: 30_000 })).toBe("young on a");
    expect(pulled(rivals(even + 1), { ...later, ageLimitMs: 30_000 })).toBe("old on a");
  });
});

describe("a slot declines a request", () => {
  const free = { slow: { totalMs: 1000 } };

  it("that a full node is predicted to finish in less than 60 % of the time", () => {
    const one = [rowOf("one", 0, free, { fast: 100 })];
    expect(pulled(one, { slots: { fast: [900, 499] } })).toBeUndefined();
    expect(pulled(one, { slots: { fast: [900, 500] } })).toBe("one on slow");
    expect(pulled(one, { slots: { fast: [] } })).toBe("one on slow");
    expect(pulled(one, { slots: { fast: [100] }, mayDecline: false })).toBe("one on slow");
  });

  it("until it has waited for half of what could be won", () => {
    const slots = { fast: [10] };
    const waited = (ms: number): Row => rowOf("one", ms, free, { fast: 200 });
    expect(pulled([waited(400)], { slots })).toBeUndefined();
    expect(pulled([waited(401)], { slots })).toBe("one on slow");
  });

  it("and gives the next one its turn", () => {
    const rows = [
      rowOf("declines", 0, free, { fast: 100 }),
      rowOf("stays", 0, { slow: { totalMs: 1500 } }),
    ];
    expect(pulled(rows, { slots: { fast: [300] } })).toBe("stays on slow");
  });

  it("with the full node's slot booked for it, so that not all wait for the same one", () => {
    const rows = ["1", "2", "3"].map((id) => rowOf(id, 0, free, { fast: 250 }));
    expect(pulled(rows.slice(0, 1), { slots: { fast: [200] } })).toBeUndefined();
    expect(pulled(rows.slice(0, 2), { slots: { fast: [200] } })).toBe("2 on slow");
    expect(pulled(rows.slice(0, 2), { slots: { fast: [300, 200] } })).toBeUndefined();
    expect(pulled(rows, { slots: { fast: [300, 200] } })).toBe("3 on slow");
  });

  it("at the full node that is done first", () => {
    const rows = [
      rowOf("either", 0, free, { later: 250, sooner: 250 }),
      rowOf("sooner only", 0, free, { sooner: 250 }),
    ];
    // The sooner one is booked until 350 then, and 350 + 250 does not pay.
    expect(pulled(rows, { slots: { later: [300], sooner: [100] } })).toBe("sooner only on slow");
    const turned = [
      rowOf("either", 0, free, { sooner: 250, later: 250 }),
      rowOf("later only", 0, free, { later: 250 }),
    ];
    expect(pulled(turned, { slots: { later: [300], sooner: [100] } })).toBeUndefined();
  });

  it("once and for all its free places", () => {
    const places = { slow: { totalMs: 1000 }, slower: { totalMs: 1010 } };
    const slots = { fast: [200] };
    expect(pulled([rowOf("one", 0, places, { fast: 250 })], { slots })).toBeUndefined();
  });
});
