import { and, asc, eq, gt, inArray, isNull } from "drizzle-orm";
import {
  answers,
  collections,
  conversations,
  documents,
  feedback,
  groupMembers,
  groups,
  sessions,
} from "../../../drizzle/schema/index.ts";
import type { Actor } from "../../core/access/actor.ts";
import type { PersonExport } from "../../ports/person-export.ts";
import { readableCollections } from "./access.ts";
import { visibleTurns } from "./conversation-turns.ts";
import type { Database } from "./typed-database.ts";

const pageSize = 50;

const ownConversations = (actor: Actor, after: string | null) =>
  and(
    eq(conversations.userId, actor.userId),
    eq(conversations.workspaceId, actor.workspaceId),
    isNull(conversations.deletedAt),
    after === null ? undefined : gt(conversations.id, after),
  );

async function turnsOf(db: Database, actor: Actor, ids: readonly string[]) {
  const rows = await db
    .select()
    .from(answers)
    .where(inArray(answers.conversationId, [...ids]))
    .orderBy(asc(answers.conversationId), asc(answers.turn));
  const visible = await visibleTurns(db, actor, rows);
  // Which process drove it is nobody's data, and the index of its words holds those of documents that were withdrawn.
  return visible.map((turn) => ({ ...turn, owner: undefined, searchVector: undefined }));
}

/** In pages, so that ten thousand turns never stand in memory at once. */
async function* pagesOf(
  db: Database,
  actor: Actor,
  signal: AbortSignal,
): AsyncGenerator<Readonly<Record<string, unknown>>, void> {
  let after: string | null = null;
  for (;;) {
    signal.throwIfAborted();
    const page: (typeof conversations.$inferSelect)[] = await db
      .select()
      .from(conversations)
      .where(ownConversations(actor, after))
      .orderBy(asc(conversations.id))
      .limit(pageSize);
    const turns = await turnsOf(
      db,
      actor,
      page.map(({ id }) => id),
    );
    for (const conversation of page)
      yield {
        ...conversation,
        turns: turns.filter(({ conversationId }) => conversationId === conversation.id),
      };
    after = page.at(-1)?.id ?? null;
    if (page.length < pageSize) return;
  }
}

async function restOf(db: Database, actor: Actor) {
  const own = { userId: actor.userId };
  return {
    feedback: await db.select().from(feedback).where(eq(feedback.userId, own.userId)),
    sessions: await db
      .select({
        createdAt: sessions.createdAt,
        lastSeenAt: sessions.updatedAt,
        address: sessions.ipAddress,
        agent: sessions.userAgent,
      })
      .from(sessions)
      .where(eq(sessions.userId, own.userId)),
    groups: await db
      .select({ name: groups.name })
      .from(groupMembers)
      .innerJoin(groups, eq(groups.id, groupMembers.groupId))
      .where(eq(groupMembers.userId, own.userId)),
    documents: await db
      .select({
        id: documents.id,
        title: documents.title,
        fileName: documents.fileName,
        bytes: documents.bytes,
        collection: collections.name,
        createdAt: documents.createdAt,
      })
      .from(documents)
      .innerJoin(collections, eq(collections.id, documents.collectionId))
      .where(
        and(
          eq(documents.createdBy, own.userId),
          isNull(documents.deletedAt),
          inArray(documents.collectionId, readableCollections(actor)),
        ),
      ),
  };
}

/** Only what is the actor's own; of documents that they may not read any more nothing is in it. */
export const createPersonExport = ({ db }: { readonly db: Database }): PersonExport => ({
  conversations: (actor, signal) => pagesOf(db, actor, signal),
  rest: (actor) => restOf(db, actor),
});
