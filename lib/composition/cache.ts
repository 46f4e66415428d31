import { createHash } from "node:crypto";
import { createAnswerCacheStore } from "../adapters/database/answer-cache-store.ts";
import { createCacheCounters } from "../adapters/database/cache-counters.ts";
import { createDatabaseTier } from "../adapters/database/database-tier.ts";
import type { Database } from "../adapters/database/typed-database.ts";
import { createMemoryTier } from "../adapters/memory/memory-tier.ts";
import { createRedisTier } from "../adapters/redis/redis-tier.ts";
import type { Report } from "../adapters/system/log.ts";
import type { Config } from "../config.ts";
import { tierBytes } from "../core/cache/cached-kinds.ts";
import type { AnswerCacheStore } from "../ports/answer-cache-store.ts";
import type { CacheCounters } from "../ports/cache-counters.ts";
import type { CacheTier } from "../ports/cache-tier.ts";
import type { Clock } from "../ports/clock.ts";
import { guardTier } from "../services/guarded-tier.ts";
import { createTieredCache, type TieredCache } from "../services/tiered-cache.ts";

export interface Cache {
  readonly tiers: TieredCache;
  readonly counters: CacheCounters;
  readonly answers: AnswerCacheStore;
  /** Writes down what was counted and keeps everything within its size until the signal aborts. */
  run(signal: AbortSignal): Promise<void>;
  close(): Promise<void>;
}

// A call that takes longer costs more than what it would save.
const timeoutsMs = { memory: 1000, redis: 100, database: 250 } as const;
// The embedded database does one thing at a time: an answer's own statements come first.
const writeDelayMs = 150;
const flushEveryMs = 5000;
const sweepEveryMs = 3_600_000;

const digest = (text: string): string => createHash("sha256").update(text).digest("base64url");

/** What is kept to be given again, in memory, in Redis where one is configured, and in the database. */
export function composeCache(
  deps: {
    readonly db: Database;
    readonly preparing: Database;
    readonly clock: Clock;
    /** Of the installation. */
    readonly secret: string;
    readonly report: Report;
  },
  config: Pick<Config, "redisCacheUrl">,
): Cache {
  const { db: database, preparing, clock, secret, report } = deps;
  const counters = createCacheCounters({ database });
  const answers = createAnswerCacheStore({ database: preparing });
  const memory = createMemoryTier({ clock, mostBytes: tierBytes.memory });
  const { redisCacheUrl: url } = config;
  const redis = url === undefined ? null : createRedisTier({ url, secret });
  const stored = createDatabaseTier({ database, clock });
  const guarded = (tier: CacheTier) =>
    guardTier({
      ...{ tier, clock, timeoutMs: timeoutsMs[tier.name], chance: Math.random },
      onFault: (error, name) => {
        report(error, `cache tier ${name}`);
      },
    });
  const all = [memory, ...(redis === null ? [] : [redis]), stored];
  const later = () => clock.sleep(writeDelayMs);
  const tiers = createTieredCache({ tiers: all.map(guarded), counters, clock, digest, later });
  const flush = () =>
    counters.flush().catch((error: unknown) => {
      report(error, "cache counters");
    });
  const every = async (ms: number, signal: AbortSignal, work: () => Promise<unknown>) => {
    const passed = () =>
      clock.sleep(ms, signal).then(
        () => true,
        () => false,
      );
    while (await passed()) await work();
  };
  return {
    tiers,
    counters,
    answers,
    async run(signal) {
      await Promise.all([
        every(flushEveryMs, signal, flush),
        every(sweepEveryMs, signal, async () => {
          await answers.sweep(tierBytes.databaseAnswers);
          await stored.sweep(tierBytes.databaseValues);
        }),
      ]);
    },
    async close() {
      await tiers.settled();
      await flush();
      redis?.close();
    },
  };
}
