import { once } from "node:events";
import { createServer, type AddressInfo, type Socket } from "node:net";
import { setTimeout as delay } from "node:timers/promises";
import { Redis } from "ioredis";
import { afterAll, beforeAll, describe, expect, it } from "vitest";
import { createRedisTier, type RedisTier } from "#lib/adapters/redis/redis-tier.ts";
import { createSystemClock } from "#lib/adapters/system/clock.ts";
import { guardTier } from "#lib/services/guarded-tier.ts";
import { cacheTierContract } from "#testing/contracts/cache-tier.ts";
import { hasRedis, type RedisServer, startRedis } from "#testing/services/redis.ts";

const never = new AbortController().signal;
const secret = "a secret of the installation";
const bytes = new Uint8Array([1, 2, 3]);

/** The connection is made in the background: until then the tier cannot be asked. */
async function connected(tier: RedisTier): Promise<RedisTier> {
  for (;;) {
    const isThere = await tier.read(["none"], never).then(
      () => true,
      () => false,
    );
    if (isThere) return tier;
    await delay(10);
  }
}

cacheTierContract(
  "redis",
  async () => {
    const server = await startRedis();
    const tier = await connected(createRedisTier({ url: server.url, secret }));
    return {
      tier,
      pass: (ms) => delay(ms),
      async close() {
        tier.close();
        await server.close();
      },
    };
  },
  { skip: !hasRedis },
);

describe.skipIf(!hasRedis)("values in a Redis that others can write to", () => {
  let server: RedisServer;
  let raw: Redis;
  beforeAll(async () => {
    server = await startRedis();
    raw = new Redis(server.url);
  });
  afterAll(async () => {
    raw.disconnect();
    await server.close();
  });

  it("cannot be read, changed, moved or invented by them", async () => {
    const tier = await connected(createRedisTier({ url: server.url, secret }));
    const text = new TextEncoder().encode("the code of the vault");
    const write = (key: string) => tier.write([{ key, value: text, keepMs: 60_000 }], never);
    const read = async (key: string) => (await tier.read([key], never))[0];
    await write("vault");
    const [name = ""] = await raw.keys("*vault");
    const sealed = (await raw.getBuffer(name)) ?? Buffer.alloc(0);
    expect(sealed.includes("the code")).toBe(false);
    expect(await raw.pttl(name)).toBeGreaterThan(50_000);
    expect(await read("vault")).toEqual(Buffer.from(text));

    await raw.set(name.replace("vault", "other"), sealed);
    expect(await read("other")).toBe(null);
    const flipped = Buffer.from(sealed);
    flipped[flipped.length - 1] = (flipped.at(-1) ?? 0) ^ 1;
    const strange = Buffer.from("anything at all, long enough to be something");
    for (const changed of [flipped, sealed.subarray(0, 20), strange, Buffer.alloc(0)]) {
      await raw.set(name, changed);
      expect(await read("vault")).toBe(null);
    }
    await raw.del(name);
    await raw.lpush(name, "a list");
    expect(await read("vault")).toBe(null);

    const stranger = await connected(createRedisTier({ url: server.url, secret: "another one" }));
    await write("mine");
    expect((await stranger.read(["mine"], never))[0]).toBe(null);
    stranger.close();
    tier.close();
  });
});

/** What a person waits for at most when the cache cannot be asked, with room for a busy machine. */
const patienceMs = 1500;

describe.skipIf(!hasRedis)("a Redis that fails", () => {
  const guarded = (tier: RedisTier, onFault: (error: unknown) => void = () => undefined) =>
    guardTier({ tier, clock: createSystemClock(), timeoutMs: 100, onFault });

  async function misses(tier: ReturnType<typeof guarded>): Promise<void> {
    const startedAt = performance.now();
    for (let asked = 0; asked < 50; asked += 1) {
      expect(await tier.read(["k"])).toEqual({ values: [null], isAnswered: false });
      await tier.write([{ key: "k", value: bytes, keepMs: 60_000 }]);
    }
    // Three times out, then it is left alone.
    expect(performance.now() - startedAt).toBeLessThan(patienceMs);
    expect(tier.isWorking()).toBe(false);
  }

  async function comesBack(tier: ReturnType<typeof guarded>): Promise<void> {
    await expect
      .poll(async () => (await tier.read(["k"])).isAnswered, { timeout: 20_000, interval: 50 })
      .toBe(true);
  }

  it("is a miss at once while it hangs, and is used again when it goes on", async () => {
    const server = await startRedis();
    const tier = await connected(createRedisTier({ url: server.url, secret }));
    const faults: unknown[] = [];
    const guard = guarded(tier, (error) => faults.push(error));
    await guard.write([{ key: "k", value: bytes, keepMs: 60_000 }]);
    server.signal("SIGSTOP");
    await misses(guard);
    expect(faults).toHaveLength(1);
    server.signal("SIGCONT");
    await comesBack(guard);
    expect((await guard.read(["k"])).values).toEqual([Buffer.from(bytes)]);
    tier.close();
    await server.close();
  });

  it("is a miss at once when it dies, and is used again when it is back", async () => {
    const server = await startRedis();
    const tier = await connected(createRedisTier({ url: server.url, secret }));
    const guard = guarded(tier);
    await server.kill();
    await misses(guard);
    await server.restart();
    await comesBack(guard);
    tier.close();
    await server.close();
  });

  it("is a miss when nobody is there from the start", async () => {
    const tier = createRedisTier({ url: "redis://127.0.0.1:9", secret });
    await misses(guarded(tier));
    tier.close();
  });

  it.each([
    ["another protocol", "HTTP/1.1 400 Bad Request\r\n\r\n"],
    ["a value of the wrong kind", ":7\r\n"],
    ["too few values", "*0\r\n"],
    ["an error", "-ERR no such thing\r\n"],
    ["half an answer", "*1\r\n$500\r\nabc"],
  ])("is a miss when it answers with %s", async (_name, answer) => {
    const sockets = new Set<Socket>();
    let spoken = 0;
    const server = createServer((socket) => {
      sockets.add(socket);
      socket.on("error", () => undefined);
      socket.on("data", (data) => {
        const commands = data.toString().match(/^\*\d+\r?$/gm)?.length ?? 0;
        if (!data.includes("mget")) socket.write("+OK\r\n".repeat(commands));
        else {
          spoken += 1;
          socket.write(answer);
        }
      });
    }).listen(0, "127.0.0.1");
    await once(server, "listening");
    const { port } = server.address() as AddressInfo;
    const tier = createRedisTier({ url: `redis://127.0.0.1:${String(port)}`, secret });
    const guard = guarded(tier);
    for (let asked = 0; asked < 400 && spoken < 2; asked += 1) {
      expect((await guard.read(["k"])).values).toEqual([null]);
      await delay(5);
    }
    expect(spoken).toBeGreaterThan(0);
    tier.close();
    for (const socket of sockets) socket.destroy();
    server.close();
  });

  it("makes room by itself when its memory is full", async () => {
    const server = await startRedis("--maxmemory", "3mb", "--maxmemory-policy", "allkeys-lru");
    const tier = await connected(createRedisTier({ url: server.url, secret }));
    for (let made = 0; made < 100; made += 1)
      await tier.write(
        [{ key: `k${String(made)}`, value: new Uint8Array(100_000), keepMs: 60_000 }],
        never,
      );
    const last = await tier.read(["k0", "k99"], never);
    expect(last.map((value) => value?.length)).toEqual([undefined, 100_000]);
    tier.close();
    await server.close();
  });
});
