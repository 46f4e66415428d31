import { sql, type SQL } from "drizzle-orm";
import type { CacheTier, CacheValue } from "../../ports/cache-tier.ts";
import type { Clock } from "../../ports/clock.ts";
import { changed, firstRow, integers, rowsOf, type SqlDatabase, texts } from "./sql-database.ts";

export interface DatabaseTier extends CacheTier {
  /** Drops what has expired, then what was used longest ago until at most `mostBytes` are left. Returns how many values. */
  sweep(mostBytes: number): Promise<number>;
}

const largestValueBytes = 1_000_000;
/** When a value was used is written down this exactly: reading stays reading. */
const usedEveryHours = 24;

type Now = SQL;

async function read(
  database: SqlDatabase,
  now: Now,
  keys: readonly string[],
): Promise<readonly (Buffer | null)[]> {
  if (keys.length === 0) return [];
  const rows = await rowsOf<{ key: string; value: Buffer; unnoted: boolean }>(
    database,
    sql`select key, value, used_at < ${now} - make_interval(hours => ${usedEveryHours}) as unnoted
      from cache_values where key = any(${texts(keys)}) and expires_at > ${now}`,
  );
  const unnoted = rows.filter((row) => row.unnoted).map(({ key }) => key);
  if (unnoted.length > 0)
    await changed(
      database,
      sql`update cache_values set used_at = ${now} where key = any(${texts(unnoted)})`,
    );
  const found = new Map(rows.map(({ key, value }) => [key, value]));
  return keys.map((key) => found.get(key) ?? null);
}

async function write(
  database: SqlDatabase,
  now: Now,
  values: readonly CacheValue[],
): Promise<void> {
  // A statement may not touch a row twice: of equal keys the last one counts.
  const all = [...new Map(values.map((value) => [value.key, value])).values()];
  const tooLarge = all.filter(({ value }) => value.byteLength > largestValueBytes);
  await remove(
    database,
    tooLarge.map(({ key }) => key),
  );
  const fitting = all.filter(({ value }) => value.byteLength <= largestValueBytes);
  if (fitting.length === 0) return;
  // In the order of the key, so that two writers never wait for each other in a circle.
  fitting.sort((one, other) => (one.key < other.key ? -1 : 1));
  await changed(
    database,
    sql`insert into cache_values (key, value, bytes, expires_at, used_at)
      select v.key, decode(v.hex, 'hex'), v.bytes, ${now} + make_interval(secs => v.keep_ms / 1000.0), ${now}
      from unnest(${texts(fitting.map(({ key }) => key))},
        ${texts(fitting.map(({ value }) => Buffer.from(value).toString("hex")))},
        ${integers(fitting.map(({ value, key }) => value.byteLength + key.length))},
        ${sql.param(fitting.map(({ keepMs }) => Math.ceil(keepMs)))}::bigint[]) v(key, hex, bytes, keep_ms)
      on conflict (key) do update set value = excluded.value, bytes = excluded.bytes,
        expires_at = excluded.expires_at, used_at = excluded.used_at`,
  );
}

async function remove(database: SqlDatabase, keys: readonly string[]): Promise<void> {
  if (keys.length === 0) return;
  await changed(database, sql`delete from cache_values where key = any(${texts(keys)})`);
}

async function sweep(database: SqlDatabase, now: Now, mostBytes: number): Promise<number> {
  const expired = await changed(database, sql`delete from cache_values where expires_at <= ${now}`);
  const row = await firstRow<{ total: string | null }>(
    database,
    sql`select sum(bytes::bigint) as total from cache_values`,
  );
  if (Number(row?.total ?? 0) <= mostBytes) return expired;
  const tooMany = await changed(
    database,
    sql`delete from cache_values c using (select key, sum(bytes::bigint)
        over (order by used_at desc, key) as total from cache_values) s
      where s.key = c.key and s.total > ${mostBytes}`,
  );
  return expired + tooMany;
}

/** Values in Postgres: what outlives the process, in one statement a call. */
export function createDatabaseTier(deps: {
  readonly database: SqlDatabase;
  readonly clock: Pick<Clock, "wallTime">;
}): DatabaseTier {
  const { database, clock } = deps;
  const now = (): Now => sql`${clock.wallTime().toISOString()}::timestamptz`;
  return {
    name: "database",
    read: (keys) => read(database, now(), keys),
    write: (values) => write(database, now(), values),
    remove: (keys) => remove(database, keys),
    sweep: (mostBytes) => sweep(database, now(), mostBytes),
  };
}
