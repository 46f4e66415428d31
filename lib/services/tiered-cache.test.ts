import { describe, expect, it } from "vitest";
import type { TierCount } from "../ports/cache-counters.ts";
import { createFakeClock } from "#testing/fakes/fake-clock.ts";
import { createScriptedTier } from "#testing/fakes/scripted-tier.ts";
import { guardTier } from "./guarded-tier.ts";
import { createTieredCache } from "./tiered-cache.ts";

function started() {
  const clock = createFakeClock();
  const memory = createScriptedTier("memory");
  const redis = createScriptedTier("redis");
  const database = createScriptedTier("database");
  const counted: string[] = [];
  const onFault = (): undefined => undefined;
  const cache = createTieredCache({
    tiers: [memory, redis, database].map((tier) =>
      guardTier({ tier, clock, timeoutMs: 100, onFault }),
    ),
    counters: {
      tier: ({ kind, tier, result }: TierCount, _at, lookups) => {
        counted.push(`${kind} ${tier} ${result} ${String(lookups)}`);
      },
    },
    clock,
    digest: (text) => text,
  });
  const write = (about: string, byte: number) => {
    cache.write("embedding", [{ about, value: new Uint8Array([byte]) }]);
  };
  const read = async (...abouts: readonly string[]) =>
    (await cache.read("embedding", abouts)).map((value) => value?.[0]);
  return { memory, redis, database, counted, cache, write, read };
}

describe("the cache's tiers together", () => {
  it("give what was written at once from the fastest, and hold it in all", async () => {
    const { memory, redis, database, cache, write, read } = started();
    write("a", 1);
    expect(await read("a", "b")).toEqual([1, undefined]);
    await cache.settled();
    expect([memory, redis, database].map(({ held }) => held.size)).toEqual([1, 1, 1]);
  });

  it("ask a slower tier only for what the faster ones do not have, and bring it up", async () => {
    const { memory, redis, database, cache, counted, write, read } = started();
    write("a", 1);
    write("b", 2);
    await cache.settled();
    memory.held.delete("embedding:b");
    redis.held.clear();
    expect(await read("b", "a", "b", "c")).toEqual([2, 1, 2, undefined]);
    await cache.settled();
    expect(memory.held.has("embedding:b")).toBe(true);
    expect([...redis.held.keys()]).toEqual(["embedding:b"]);
    expect(counted).toEqual([
      "embedding memory hit 1",
      "embedding memory miss 2",
      "embedding redis miss 2",
      "embedding database hit 1",
      "embedding database miss 1",
    ]);
    expect(database.calls.filter((call) => call === "read")).toHaveLength(1);
  });

  it("keep kinds apart, and answers out of the database's values", async () => {
    const { database, cache, write } = started();
    write("a", 1);
    cache.write("answer", [{ about: "a", value: new Uint8Array([2]) }]);
    await cache.settled();
    expect([...database.held.keys()]).toEqual(["embedding:a"]);
    expect((await cache.read("answer", ["a"]))[0]).toEqual(new Uint8Array([2]));
    cache.remove("answer", ["a"]);
    await cache.settled();
    expect(await cache.read("answer", ["a"])).toEqual([null]);
    expect((await cache.read("embedding", ["a"]))[0]).toEqual(new Uint8Array([1]));
  });

  it("leave memory to people while bulk work runs", async () => {
    const { memory, redis, cache } = started();
    const bulk = { leavesMemoryAlone: true };
    cache.write("embedding", [{ about: "a", value: new Uint8Array([1]) }], bulk);
    await cache.settled();
    expect((await cache.read("embedding", ["a"], bulk))[0]).toEqual(new Uint8Array([1]));
    expect([memory.held.size, redis.held.size, memory.calls.length]).toEqual([0, 1, 0]);
  });

  it.each(["memory", "redis", "database"] as const)(
    "go on without the tier %s, and count that it failed",
    async (name) => {
      const all = started();
      const { cache, counted, write, read } = all;
      all[name].mode = "fails";
      write("a", 1);
      await cache.settled();
      expect(await read("a")).toEqual([1]);
      for (const tier of ["memory", "redis", "database"] as const) all[tier].mode = "fails";
      expect(await read("a")).toEqual([undefined]);
      expect(counted).toContain(`embedding ${name} failed 1`);
      await cache.settled();
    },
  );

  it("take no more writes than can be under way, and never wait for one", async () => {
    const { memory, redis, database, write } = started();
    redis.mode = "hangs";
    for (let made = 0; made < 200; made += 1) write(`k${String(made)}`, 1);
    await Promise.resolve();
    expect(memory.held.size).toBe(200);
    expect(redis.calls.length + database.calls.length).toBeLessThan(130);
  });
});
