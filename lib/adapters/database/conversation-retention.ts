import { sql } from "drizzle-orm";
import { changed, type SqlDatabase } from "./sql-database.ts";

/**
 * Ends chats that nobody asked in for `keepDays` (0: never; pinned ones stay) and those that never got a question, with
 * the files attached to ended ones. An ended chat is nobody's at once and leaves the database after 30 days.
 */
export async function retireConversations(database: SqlDatabase, keepDays: number): Promise<void> {
  if (keepDays > 0)
    await changed(
      database,
      sql`update conversations set deleted_at = now()
        where deleted_at is null and pinned_at is null
          and updated_at < now() - make_interval(days => ${keepDays}::integer)`,
    );
  await changed(
    database,
    sql`update conversations c set deleted_at = now()
      where c.deleted_at is null and c.created_at < now() - interval '1 day'
        and not exists (select 1 from answers a where a.conversation_id = c.id)`,
  );
  await changed(
    database,
    sql`update collections set deleted_at = now()
      where deleted_at is null
        and conversation_id in (select id from conversations where deleted_at is not null)`,
  );
  await changed(
    database,
    sql`delete from conversations where deleted_at < now() - interval '30 days'`,
  );
}
