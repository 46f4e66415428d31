import { afterAll, beforeAll, describe, expect, it } from "vitest";
import { createCacheCounters } from "#lib/adapters/database/cache-counters.ts";
import { type DatabaseConnection, openDatabase } from "#lib/adapters/database/connection.ts";
import { createDatabaseTier } from "#lib/adapters/database/database-tier.ts";
import { cacheTierContract } from "#testing/contracts/cache-tier.ts";
import { createFakeClock } from "#testing/fakes/fake-clock.ts";
import { startTestDatabase } from "#testing/services/test-database.ts";

const never = new AbortController().signal;

async function startTier() {
  const database = await startTestDatabase();
  const connection = await openDatabase({ url: database.url, maxConnections: 4 });
  const clock = createFakeClock();
  return {
    connection,
    clock,
    tier: createDatabaseTier({ database: connection.db, clock }),
    pass: (ms: number) => clock.advance(ms),
    async close() {
      await connection.close();
      await database.close();
    },
  };
}

cacheTierContract("database", startTier);

describe("the database tier's sweep", () => {
  let under: Awaited<ReturnType<typeof startTier>>;
  let connection: DatabaseConnection;
  beforeAll(async () => {
    under = await startTier();
    connection = under.connection;
  });
  afterAll(() => under.close());

  it("drops what has expired, then what was used longest ago until the rest fits", async () => {
    const dayMs = 86_400_000;
    const put = (key: string, keepMs: number) =>
      under.tier.write([{ key, value: new Uint8Array(999), keepMs }], never);
    await put("a", 10 * dayMs);
    await put("b", 10 * dayMs);
    await put("c", dayMs);
    await under.pass(2 * dayMs);
    // Being read counts as use.
    await under.tier.read(["a"], never);
    expect(await under.tier.sweep(5_000)).toBe(1);
    expect(await under.tier.sweep(1_500)).toBe(1);
    expect((await under.tier.read(["a", "b"], never)).map((value) => value?.length)).toEqual([
      999,
      undefined,
    ]);
  });

  it("sums what was counted by hour, over flushes, and loses nothing to a database that is away", async () => {
    const counters = createCacheCounters({ database: connection.db });
    const { rows } = await connection.pool.query<{ id: string }>(
      "insert into workspaces (name) values ('Test') returning id",
    );
    const workspaceId = rows[0]?.id ?? "";
    const at = new Date("2026-03-04T05:06:07Z");
    const hit = { result: "exact", reason: "", savedMs: 12.4, savedTokens: 7 } as const;
    counters.answer(workspaceId, at, hit);
    counters.tier({ kind: "embedding", tier: "memory", result: "hit" }, at, 3);
    await counters.flush();
    counters.answer(workspaceId, at, hit);
    counters.tier({ kind: "embedding", tier: "memory", result: "hit" }, at, 4);
    await connection.pool.query("alter table cache_tier_counts rename to away");
    await expect(counters.flush()).rejects.toThrow();
    await connection.pool.query("alter table away rename to cache_tier_counts");
    await counters.flush();
    await counters.flush();
    expect(await counters.tierHours(at)).toEqual([
      {
        ...{ hour: new Date("2026-03-04T05:00:00Z"), kind: "embedding", tier: "memory" },
        ...{ result: "hit", lookups: 7 },
      },
    ]);
    const { rows: answers } = await connection.pool.query(
      "select result, lookups, saved_ms::integer, saved_tokens::integer from cache_counts",
    );
    expect(answers).toEqual([{ result: "exact", lookups: 2, saved_ms: 24, saved_tokens: 14 }]);
  });
});
