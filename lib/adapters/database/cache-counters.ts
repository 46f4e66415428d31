import { sql } from "drizzle-orm";
import type { CacheCounters, TierCount, TierHour } from "../../ports/cache-counters.ts";
import type { LookupCount } from "../../ports/answer-cache-store.ts";
import { changed, integers, rowsOf, type SqlDatabase, texts } from "./sql-database.ts";

interface AnswerSum {
  readonly workspaceId: string;
  readonly hour: string;
  readonly result: LookupCount["result"];
  readonly reason: string;
  lookups: number;
  savedMs: number;
  savedTokens: number;
}

interface TierSum extends TierCount {
  readonly hour: string;
  lookups: number;
}

const hourOf = (at: Date): string => `${at.toISOString().slice(0, 13)}:00:00.000Z`;

/** Sums in memory, written down in one statement a table when they are flushed. */
export function createCacheCounters(deps: { readonly database: SqlDatabase }): CacheCounters {
  const { database } = deps;
  let answers = new Map<string, AnswerSum>();
  let tiers = new Map<string, TierSum>();

  const addAnswer = (sum: AnswerSum): void => {
    const key = JSON.stringify([sum.workspaceId, sum.hour, sum.result, sum.reason]);
    const kept = answers.get(key);
    if (kept === undefined) answers.set(key, sum);
    else {
      kept.lookups += sum.lookups;
      kept.savedMs += sum.savedMs;
      kept.savedTokens += sum.savedTokens;
    }
  };
  const addTier = (sum: TierSum): void => {
    const key = JSON.stringify([sum.hour, sum.kind, sum.tier, sum.result]);
    const kept = tiers.get(key);
    if (kept === undefined) tiers.set(key, sum);
    else kept.lookups += sum.lookups;
  };

  return {
    answer(workspaceId, at, { result, reason, savedMs, savedTokens }) {
      addAnswer({
        ...{ workspaceId, hour: hourOf(at), result, reason, lookups: 1 },
        ...{ savedMs: Math.round(savedMs), savedTokens },
      });
    },
    tier({ kind, tier, result }, at, lookups) {
      addTier({ hour: hourOf(at), kind, tier, result, lookups });
    },
    async flush() {
      const [answerSums, tierSums] = [[...answers.values()], [...tiers.values()]];
      answers = new Map();
      tiers = new Map();
      try {
        if (answerSums.length > 0) await writeAnswers(database, answerSums);
        answerSums.length = 0;
        if (tierSums.length > 0) await writeTiers(database, tierSums);
      } catch (error) {
        for (const sum of answerSums) addAnswer(sum);
        for (const sum of tierSums) addTier(sum);
        throw error;
      }
    },
    async tierHours(since) {
      const rows = await rowsOf<Omit<TierHour, "hour" | "lookups"> & TierHourRow>(
        database,
        sql`select hour, kind, tier, result, lookups from cache_tier_counts
          where hour >= date_trunc('hour', ${since.toISOString()}::timestamptz)
          order by hour, kind, tier, result`,
      );
      return rows.map(({ hour, kind, tier, result, lookups }) => ({
        ...{ hour: new Date(hour), kind, tier, result },
        lookups: Number(lookups),
      }));
    },
  };
}

interface TierHourRow {
  readonly [column: string]: unknown;
  readonly hour: Date | string;
  readonly lookups: string;
}

async function writeAnswers(database: SqlDatabase, sums: readonly AnswerSum[]): Promise<void> {
  // A workspace that was removed meanwhile has nothing to count.
  await changed(
    database,
    sql`insert into cache_counts (workspace_id, hour, result, reason, lookups, saved_ms, saved_tokens)
      select w.id, v.hour::timestamptz, v.result, v.reason, v.lookups, v.saved_ms, v.saved_tokens
      from unnest(${texts(sums.map((sum) => sum.workspaceId))}, ${texts(sums.map((sum) => sum.hour))},
        ${texts(sums.map((sum) => sum.result))}, ${texts(sums.map((sum) => sum.reason))},
        ${integers(sums.map((sum) => sum.lookups))}, ${sql.param(sums.map((sum) => sum.savedMs))}::bigint[],
        ${sql.param(sums.map((sum) => sum.savedTokens))}::bigint[])
        v(workspace_id, hour, result, reason, lookups, saved_ms, saved_tokens)
        join workspaces w on w.id = v.workspace_id::uuid
      order by w.id, v.hour, v.result, v.reason
      on conflict (workspace_id, hour, result, reason) do update set
        lookups = cache_counts.lookups + excluded.lookups, saved_ms = cache_counts.saved_ms + excluded.saved_ms,
        saved_tokens = cache_counts.saved_tokens + excluded.saved_tokens`,
  );
}

async function writeTiers(database: SqlDatabase, sums: readonly TierSum[]): Promise<void> {
  await changed(
    database,
    sql`insert into cache_tier_counts (hour, kind, tier, result, lookups)
      select v.hour::timestamptz, v.kind, v.tier, v.result, v.lookups
      from unnest(${texts(sums.map((sum) => sum.hour))}, ${texts(sums.map((sum) => sum.kind))},
        ${texts(sums.map((sum) => sum.tier))}, ${texts(sums.map((sum) => sum.result))},
        ${sql.param(sums.map((sum) => sum.lookups))}::bigint[]) v(hour, kind, tier, result, lookups)
      order by v.hour, v.kind, v.tier, v.result
      on conflict (hour, kind, tier, result) do update set lookups = cache_tier_counts.lookups + excluded.lookups`,
  );
}
