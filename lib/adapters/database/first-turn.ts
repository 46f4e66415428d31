import { randomUUID } from "node:crypto";
import { sql } from "drizzle-orm";
import type { Actor } from "../../core/access/actor.ts";
import { AppError } from "../../core/errors/app-error.ts";
import type { ConversationSummary } from "../../ports/conversation-store.ts";
import { firstRow, type SqlRunner, uuids } from "./sql-database.ts";

export interface FirstTurn {
  readonly title: string;
  /** Checked before: the person may read each. */
  readonly collectionIds: readonly string[];
  readonly question: string;
  /** The process that will drive the answer. */
  readonly owner: string;
}

/** A conversation and its first question in one statement: there is nothing yet that they could follow or meet. */
export async function insertFirstTurn(
  database: SqlRunner,
  actor: Actor,
  { title, collectionIds, question, owner }: FirstTurn,
): Promise<{ readonly conversation: ConversationSummary; readonly answerId: string }> {
  const [id, answerId] = [randomUUID(), randomUUID()];
  const row = await firstRow<{ created_at: Date | string; updated_at: Date | string }>(
    database,
    sql`with begun as (insert into conversations (id, workspace_id, user_id, title, collection_ids, tip_id)
        values (${id}, ${actor.workspaceId}, ${actor.userId}, ${title}, ${uuids(collectionIds)}, ${answerId})
        returning id, created_at, updated_at),
      asked as (insert into answers (id, conversation_id, turn, question, owner, search_vector)
        select ${answerId}::uuid, id, 0, ${question}, ${owner}, to_tsvector('simple', ${question}) from begun)
    select created_at, updated_at from begun`,
  );
  if (row === undefined) throw new AppError("internal", { reason: "no conversation returned" });
  const at = { createdAt: new Date(row.created_at), updatedAt: new Date(row.updated_at) };
  const conversation = { id, title, collectionIds, pinned: false, archived: false, ...at };
  return { conversation, answerId };
}
