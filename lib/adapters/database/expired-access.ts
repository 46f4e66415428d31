import { sql } from "drizzle-orm";
import { changed, type SqlDatabase } from "./sql-database.ts";

/** Sessions that nobody signed out of, with the address and the browser they came from, and links that nobody used. */
export async function forgetExpiredAccess(database: SqlDatabase): Promise<void> {
  await changed(
    database,
    sql`with gone_sessions as (delete from sessions where expires_at < now()),
        gone_invitations as (delete from invitations where expires_at < now() - interval '30 days')
      delete from one_time_tokens where expires_at < now()`,
  );
}
