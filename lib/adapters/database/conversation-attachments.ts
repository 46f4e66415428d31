import { and, eq, isNull } from "drizzle-orm";
import { collections, conversations } from "../../../drizzle/schema/index.ts";
import type { Actor } from "../../core/access/actor.ts";
import { AppError } from "../../core/errors/app-error.ts";
import { own } from "./conversation-turns.ts";
import type { Database } from "./typed-database.ts";

/** For a conversation whose owner was checked. */
export async function attachedCollection(
  db: Database,
  conversationId: string,
): Promise<string | null> {
  const [row] = await db
    .select({ id: collections.id })
    .from(collections)
    .where(and(eq(collections.conversationId, conversationId), isNull(collections.deletedAt)));
  return row?.id ?? null;
}

/** The conversation's own collection, made when it is first asked for; its row is locked, so that it gets only one. */
export async function makeAttachments(
  db: Database,
  actor: Actor,
  conversationId: string,
): Promise<string> {
  const [conversation] = await db
    .select({ id: conversations.id })
    .from(conversations)
    .where(own(actor, conversationId))
    .for("update");
  if (conversation === undefined) throw new AppError("not_found", {});
  const known = await attachedCollection(db, conversationId);
  if (known !== null) return known;
  const [made] = await db
    .insert(collections)
    .values({
      workspaceId: actor.workspaceId,
      name: "Attached to this chat",
      language: "simple",
      conversationId,
      createdBy: actor.userId,
    })
    .returning({ id: collections.id });
  if (made === undefined) throw new AppError("internal", { reason: "no collection returned" });
  return made.id;
}
