import { sql, type SQL, type SQLWrapper } from "drizzle-orm";
import type { ProcessPresence } from "../../ports/process-presence.ts";
import { createLeaderLease } from "./leader-lease.ts";
import { changed, firstRow, type SqlDatabase } from "./sql-database.ts";

const prefix = "process ";

/** A lease of its own for each process, by the database's clock. */
export function createProcessPresence(deps: {
  readonly database: SqlDatabase;
  readonly owner: string;
}): ProcessPresence {
  const { database, owner } = deps;
  const lease = createLeaderLease({ database });
  const name = `${prefix}${owner}`;
  return {
    async renew(ms) {
      await lease.hold(name, owner, ms);
      await changed(
        database,
        sql`delete from leader_leases where starts_with(name, ${prefix}) and expires_at < now()`,
      );
    },
    leave: () => lease.release(name, owner),
  };
}

/** Processes that live, where the data has a place to say so. */
export async function countPresent(database: SqlDatabase): Promise<number> {
  const place = sql`select to_regclass('leader_leases')::text as found`;
  if ((await firstRow<{ found: string | null }>(database, place))?.found == null) return 0;
  const present = sql`select count(*)::int as n from leader_leases where starts_with(name, ${prefix}) and expires_at >= now()`;
  return (await firstRow<{ n: number }>(database, present))?.n ?? 0;
}

/** Holds where the process of that name lives. */
export const isPresent = (owner: SQLWrapper): SQL =>
  sql`exists (select 1 from leader_leases where name = ${prefix} || ${owner} and expires_at >= now())`;
