import { and, desc, eq, inArray, isNull } from "drizzle-orm";
import { conversations, conversationShares, users } from "../../../drizzle/schema/index.ts";
import type { Actor } from "../../core/access/actor.ts";
import { branchTo } from "../../core/chat/branches.ts";
import { withoutPassages } from "../../core/chat/visible-snapshot.ts";
import { AppError } from "../../core/errors/app-error.ts";
import type { ConversationShare, ShareStore } from "../../ports/conversation-store.ts";
import { branchNodes, isOwn, own, shownBranch, turnsOf } from "./conversation-turns.ts";
import type { Database } from "./typed-database.ts";

const shareColumns = { id: conversationShares.id, createdAt: conversationShares.createdAt };

async function ownConversation(db: Database, actor: Actor, conversationId: string) {
  const [row] = await db
    .select({ id: conversations.id, tipId: conversations.tipId })
    .from(conversations)
    .where(own(actor, conversationId));
  if (row === undefined) throw new AppError("not_found", {});
  return row;
}

async function create(
  db: Database,
  actor: Actor,
  conversationId: string,
): Promise<ConversationShare> {
  const conversation = await ownConversation(db, actor, conversationId);
  const last = (await shownBranch(db, conversation)).at(-1);
  if (last === undefined) throw new AppError("not_found", {});
  const [row] = await db
    .insert(conversationShares)
    .values({ conversationId, tipId: last.answerId })
    .returning(shareColumns);
  if (row === undefined) throw new AppError("internal", { reason: "no share returned" });
  return row;
}

async function read(db: Database, actor: Actor, shareId: string) {
  const [row] = await db
    .select({
      conversationId: conversations.id,
      tipId: conversationShares.tipId,
      title: conversations.title,
      sharedBy: users.name,
      createdAt: conversationShares.createdAt,
    })
    .from(conversationShares)
    .innerJoin(conversations, eq(conversations.id, conversationShares.conversationId))
    .innerJoin(users, eq(users.id, conversations.userId))
    .where(
      and(
        eq(conversationShares.id, shareId),
        eq(conversations.workspaceId, actor.workspaceId),
        isNull(conversations.deletedAt),
      ),
    );
  if (row === undefined) throw new AppError("not_found", {});
  const { conversationId, tipId, ...shared } = row;
  const branch = branchTo(await branchNodes(db, conversationId), tipId);
  const turns = await turnsOf(db, actor, branch);
  return {
    ...shared,
    turns: turns.map((turn) => ({
      ...turn,
      // Other wordings of a question are the owner's.
      siblings: [turn.answerId],
      snapshot: turn.snapshot === null ? null : withoutPassages(turn.snapshot),
    })),
  };
}

export const createShareStore = ({ db }: { readonly db: Database }): ShareStore => ({
  async list(actor, conversationId) {
    await ownConversation(db, actor, conversationId);
    return db
      .select(shareColumns)
      .from(conversationShares)
      .where(eq(conversationShares.conversationId, conversationId))
      .orderBy(desc(conversationShares.createdAt));
  },
  create: (actor, conversationId) => create(db, actor, conversationId),
  async revoke(actor, shareId) {
    const mine = db.select({ id: conversations.id }).from(conversations).where(isOwn(actor));
    const gone = await db
      .delete(conversationShares)
      .where(
        and(eq(conversationShares.id, shareId), inArray(conversationShares.conversationId, mine)),
      )
      .returning({ id: conversationShares.id });
    if (gone.length === 0) throw new AppError("not_found", {});
  },
  read: (actor, shareId) => read(db, actor, shareId),
});
