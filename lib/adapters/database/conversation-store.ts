import { and, desc, eq, exists, inArray, sql } from "drizzle-orm";
import { answers, collections, conversations, feedback } from "../../../drizzle/schema/index.ts";
import type { Actor } from "../../core/access/actor.ts";
import { conversationTitle, saysNothingYet } from "../../core/chat/conversation-title.ts";
import { branchTo, newestLeaf, type BranchStep } from "../../core/chat/branches.ts";
import { answerText, quotedDocuments, withoutPassages } from "../../core/chat/visible-snapshot.ts";
import { AppError } from "../../core/errors/app-error.ts";
import type {
  ConversationChange,
  ConversationStore,
  ConversationSummary,
  NewTurn,
  Turn,
  TurnContext,
} from "../../ports/conversation-store.ts";
import { mayUseCollection } from "./access.ts";
import { attachedCollection, makeAttachments } from "./conversation-attachments.ts";
import { searchConversations } from "./conversation-search.ts";
import { summaryColumns } from "./conversation-summary.ts";
import {
  branchNodes,
  isOwn,
  own,
  ratedBy,
  shownBranch,
  turnColumns,
  turnsOf,
  visibleTurns,
} from "./conversation-turns.ts";
import { insertFirstTurn } from "./first-turn.ts";
import type { Database } from "./typed-database.ts";

const toldTurns = 12;

async function find(db: Database, actor: Actor, conversationId: string) {
  const [row] = await db
    .select({ ...summaryColumns, tipId: conversations.tipId })
    .from(conversations)
    .where(own(actor, conversationId));
  if (row === undefined) throw new AppError("not_found", {});
  return row;
}

async function ownAnswer(db: Database, actor: Actor, answerId: string): Promise<Turn> {
  const rows = await db
    .select({ ...turnColumns, conversationId: answers.conversationId })
    .from(answers)
    .innerJoin(conversations, eq(conversations.id, answers.conversationId))
    .leftJoin(feedback, ratedBy(actor))
    .where(and(eq(answers.id, answerId), isOwn(actor)));
  const [turn] = await visibleTurns(db, actor, rows);
  if (turn === undefined) throw new AppError("not_found", {});
  const { conversationId, ...shown } = turn;
  const branch = branchTo(await branchNodes(db, conversationId), answerId);
  return { ...shown, siblings: branch.at(-1)?.siblings ?? [] };
}

/** The row of the conversation is locked, so that two turns at once follow each other. */
async function insertTurn(db: Database, actor: Actor, conversationId: string, turn: NewTurn) {
  const [conversation] = await db
    .update(conversations)
    .set({ updatedAt: sql`now()` })
    .where(own(actor, conversationId))
    .returning({
      id: conversations.id,
      collectionIds: conversations.collectionIds,
      tipId: conversations.tipId,
      title: conversations.title,
      titleBy: conversations.titleBy,
    });
  if (conversation === undefined) throw new AppError("not_found", {});
  const nodes = await branchNodes(db, conversationId);
  const { replaces } = turn;
  if (replaces !== undefined && !nodes.some(({ answerId }) => answerId === replaces))
    throw new AppError("not_found", {});
  const branch = branchTo(nodes, replaces ?? conversation.tipId);
  const earlier = replaces === undefined ? branch : branch.slice(0, -1);
  const [row] = await db
    .insert(answers)
    .values({
      conversationId,
      parentId: earlier.at(-1)?.answerId ?? null,
      turn: earlier.length,
      question: turn.question,
      owner: turn.owner,
      searchVector: sql`to_tsvector('simple', ${turn.question})`,
    })
    .returning({ id: answers.id });
  if (row === undefined) throw new AppError("internal", { reason: "no answer returned" });
  // Files may be attached before the first question gives the title, and a chat may begin with a greeting.
  const untitled = nodes.length === 0 || saysNothingYet(conversation.title);
  const title =
    untitled && conversation.titleBy === "question"
      ? { title: conversationTitle(turn.question) }
      : {};
  await db
    .update(conversations)
    .set({ tipId: row.id, ...title })
    .where(eq(conversations.id, conversationId));
  const context = await contextOf(db, actor, conversation, earlier);
  return { answerId: row.id, turn: earlier.length, ...context };
}

async function contextOf(
  db: Database,
  actor: Actor,
  conversation: { readonly id: string; readonly collectionIds: readonly string[] },
  earlier: readonly BranchStep[],
): Promise<TurnContext> {
  const told = await turnsOf(db, actor, earlier.slice(-toldTurns));
  const attached = await attachedCollection(db, conversation.id);
  return {
    collectionIds: await askedCollections(db, actor, conversation.collectionIds, attached),
    history: told.map(({ question, snapshot }) => ({
      question,
      answer: snapshot === null ? "" : answerText(snapshot),
      documentIds: snapshot === null ? [] : quotedDocuments(snapshot),
    })),
  };
}

async function nextTurn(
  db: Database,
  actor: Actor,
  conversationId: string,
  replaces: string | undefined,
): Promise<TurnContext> {
  const conversation = await find(db, actor, conversationId);
  const nodes = await branchNodes(db, conversationId);
  const branch = branchTo(nodes, replaces ?? conversation.tipId);
  return contextOf(db, actor, conversation, replaces === undefined ? branch : branch.slice(0, -1));
}

/** An empty list means every listed collection; with attachments beside it, it has to be written out. */
async function askedCollections(
  db: Database,
  actor: Actor,
  collectionIds: readonly string[],
  attached: string | null,
): Promise<readonly string[]> {
  if (attached === null) return collectionIds;
  if (collectionIds.length > 0) return [...collectionIds, attached];
  const rows = await db
    .select({ id: collections.id })
    .from(collections)
    .where(and(sql`${collections.conversationId} is null`, mayUseCollection(actor, "read")));
  return [...rows.map(({ id }) => id), attached];
}

/** Every asked collection must be readable: one that is not is `not_found`, whether it exists or not. */
async function requireReadable(
  db: Database,
  actor: Actor,
  collectionIds: readonly string[],
): Promise<void> {
  const wanted = [...new Set(collectionIds)];
  if (wanted.length === 0) return;
  const found = await db
    .select({ id: collections.id })
    .from(collections)
    .where(and(inArray(collections.id, wanted), mayUseCollection(actor, "read")));
  if (found.length !== wanted.length) throw new AppError("not_found", {});
}

async function insertConversation(
  db: Database,
  actor: Actor,
  conversation: { readonly title: string; readonly collectionIds: readonly string[] },
): Promise<ConversationSummary> {
  await requireReadable(db, actor, conversation.collectionIds);
  const [row] = await db
    .insert(conversations)
    .values({
      workspaceId: actor.workspaceId,
      userId: actor.userId,
      title: conversation.title,
      collectionIds: [...new Set(conversation.collectionIds)],
    })
    .returning(summaryColumns);
  if (row === undefined) throw new AppError("internal", { reason: "no conversation returned" });
  return row;
}

const columnsOf = ({ title, pinned, archived }: ConversationChange) => ({
  ...(title === undefined ? {} : { title, titleBy: "person" as const }),
  ...(pinned === undefined ? {} : { pinnedAt: pinned ? sql`now()` : null }),
  ...(archived === undefined ? {} : { archivedAt: archived ? sql`now()` : null }),
});

async function set(
  db: Database,
  actor: Actor,
  conversationId: string,
  columns: Parameters<ReturnType<Database["update"]>["set"]>[0],
): Promise<void> {
  const changed = await db
    .update(conversations)
    .set(columns)
    .where(own(actor, conversationId))
    .returning({ id: conversations.id });
  if (changed.length === 0) throw new AppError("not_found", {});
}

async function showBranch(
  db: Database,
  actor: Actor,
  conversationId: string,
  answerId: string,
): Promise<void> {
  await find(db, actor, conversationId);
  const nodes = await branchNodes(db, conversationId);
  if (!nodes.some((node) => node.answerId === answerId)) throw new AppError("not_found", {});
  await set(db, actor, conversationId, { tipId: newestLeaf(nodes, answerId) });
}

async function rate(
  db: Database,
  actor: Actor,
  answerId: string,
  given: Parameters<ConversationStore["rate"]>[2],
): Promise<void> {
  await ownAnswer(db, actor, answerId);
  if (given === null) {
    await db
      .delete(feedback)
      .where(and(eq(feedback.answerId, answerId), eq(feedback.userId, actor.userId)));
    return;
  }
  const row = { rating: given.rating, reason: given.reason ?? null };
  await db
    .insert(feedback)
    .values({ answerId, userId: actor.userId, ...row })
    .onConflictDoUpdate({ target: [feedback.answerId, feedback.userId], set: row });
}

export const createConversationStore = ({
  db,
  preparing = db,
}: {
  readonly db: Database;
  /** For first questions. */
  readonly preparing?: Database;
}): ConversationStore => ({
  list: (actor) =>
    db
      .select(summaryColumns)
      .from(conversations)
      .where(
        and(
          isOwn(actor),
          exists(
            db
              .select({ one: sql`1` })
              .from(answers)
              .where(eq(answers.conversationId, conversations.id)),
          ),
        ),
      )
      .orderBy(desc(conversations.updatedAt)),
  async get(actor, conversationId, newest = Number.POSITIVE_INFINITY) {
    const { tipId, ...conversation } = await find(db, actor, conversationId);
    const branch = await shownBranch(db, { ...conversation, tipId });
    const turns = await turnsOf(db, actor, branch.slice(-newest));
    return {
      conversation,
      turns: turns.map((turn) => ({
        ...turn,
        snapshot: turn.snapshot === null ? null : withoutPassages(turn.snapshot),
      })),
    };
  },
  create: (actor, conversation) => insertConversation(db, actor, conversation),
  change: (actor, conversationId, change) => set(db, actor, conversationId, columnsOf(change)),
  remove: (actor, conversationId) => set(db, actor, conversationId, { deletedAt: new Date() }),
  showBranch: (actor, conversationId, answerId) => showBranch(db, actor, conversationId, answerId),
  search: (actor, words) => searchConversations(db, actor, words),
  async attachments(actor, conversationId) {
    await find(db, actor, conversationId);
    return attachedCollection(db, conversationId);
  },
  makeAttachments: (actor, conversationId) =>
    db.transaction((transaction) => makeAttachments(transaction, actor, conversationId)),
  nextTurn: (actor, conversationId, replaces) => nextTurn(db, actor, conversationId, replaces),
  addTurn: (actor, conversationId, turn) =>
    db.transaction((transaction) => insertTurn(transaction, actor, conversationId, turn)),
  async addFirstTurn(actor, begun) {
    await requireReadable(db, actor, begun.collectionIds);
    const collectionIds = [...new Set(begun.collectionIds)];
    return insertFirstTurn(preparing, actor, { ...begun, collectionIds });
  },
  ownAnswer: (actor, answerId) => ownAnswer(db, actor, answerId),
  rate: (actor, answerId, given) => rate(db, actor, answerId, given),
});
