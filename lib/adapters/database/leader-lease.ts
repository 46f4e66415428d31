import { sql } from "drizzle-orm";
import type { LeaderLease } from "../../ports/cache-prewarm-store.ts";
import { changed, type SqlDatabase } from "./sql-database.ts";

/** By the database's clock: those of the processes may differ. */
export const createLeaderLease = (deps: { readonly database: SqlDatabase }): LeaderLease => ({
  async hold(name, owner, ms) {
    const until = sql`now() + ${ms}::float8 * interval '1 millisecond'`;
    const held = await changed(
      deps.database,
      sql`insert into leader_leases (name, owner, expires_at) values (${name}, ${owner}, ${until})
        on conflict (name) do update set owner = excluded.owner, expires_at = excluded.expires_at
        where leader_leases.owner = excluded.owner or leader_leases.expires_at < now()`,
    );
    return held === 1;
  },
  async release(name, owner) {
    await changed(
      deps.database,
      sql`delete from leader_leases where name = ${name} and owner = ${owner}`,
    );
  },
});
