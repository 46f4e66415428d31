import { Redis } from "ioredis";
import type { CacheTier } from "../../ports/cache-tier.ts";
import { seal, sealingKey, unseal } from "./sealed-value.ts";

export interface RedisTier extends CacheTier {
  /** Ends the connection without waiting for anything. */
  close(): void;
}

const largestValueBytes = 500_000;
const connectMs = 1000;
const firstRetryMs = 200;
const longestRetryMs = 10_000;
/** The layout of the values; another version reads none of them. */
const prefix = "drover:cache:1:";

/**
 * Values in a Redis that several processes share and that may evict. Nothing waits here: without a connection every call rejects at
 * once, and a call that its caller gave up takes the connection with it, so that nothing piles up before a server that hangs.
 */
export function createRedisTier(deps: {
  readonly url: string;
  /** Of the installation: values are sealed with it. */
  readonly secret: string;
}): RedisTier {
  const sealKey = sealingKey(deps.secret);
  const client = new Redis(deps.url, {
    connectTimeout: connectMs,
    connectionName: "drover-cache",
    enableOfflineQueue: false,
    autoResendUnfulfilledCommands: false,
    maxRetriesPerRequest: 0,
    retryStrategy: (times) => Math.min(firstRetryMs * 2 ** (times - 1), longestRetryMs),
  });
  // Calls reject with what is wrong; without a listener the client would write it to the console.
  client.on("error", () => undefined);

  const bounded = async <T>(work: Promise<T>, signal: AbortSignal): Promise<T> => {
    const leave = (): void => {
      client.disconnect(true);
    };
    signal.addEventListener("abort", leave, { once: true });
    try {
      return await work;
    } finally {
      signal.removeEventListener("abort", leave);
    }
  };

  return {
    name: "redis",
    async read(keys, signal) {
      if (keys.length === 0) return [];
      const names = keys.map((key) => prefix + key);
      const sealed = await bounded(client.mgetBuffer(...names), signal);
      return names.map((name, place) => {
        const value = sealed[place];
        return Buffer.isBuffer(value) ? unseal(sealKey, name, value) : null;
      });
    },
    async write(values, signal) {
      if (values.length === 0) return;
      const pipeline = client.pipeline();
      for (const { key, value, keepMs } of values) {
        const name = prefix + key;
        if (value.byteLength > largestValueBytes) pipeline.del(name);
        else pipeline.set(name, seal(sealKey, name, value), "PX", Math.ceil(keepMs));
      }
      const results = await bounded(pipeline.exec(), signal);
      const fault = results?.find(([error]) => error !== null)?.[0];
      if (fault) throw fault;
    },
    async remove(keys, signal) {
      if (keys.length === 0) return;
      await bounded(client.del(...keys.map((key) => prefix + key)), signal);
    },
    close() {
      client.disconnect();
    },
  };
}
