import { and, asc, desc, eq, inArray, isNull, sql } from "drizzle-orm";
import { answers, collections, conversations, feedback } from "../../../drizzle/schema/index.ts";
import type { Actor } from "../../core/access/actor.ts";
import type { AnswerSnapshot } from "../../core/chat/events.ts";
import { answerText, visibleSnapshot } from "../../core/chat/visible-snapshot.ts";
import { AppError } from "../../core/errors/app-error.ts";
import type {
  ConversationStore,
  ConversationSummary,
  Turn,
} from "../../ports/conversation-store.ts";
import { mayUseCollection } from "./access.ts";
import type { Database } from "./typed-database.ts";

const summary = {
  id: conversations.id,
  title: conversations.title,
  collectionIds: conversations.collectionIds,
  createdAt: conversations.createdAt,
  updatedAt: conversations.updatedAt,
};

/** A conversation is its owner's alone, in the workspace where it began. */
const isOwn = (actor: Actor) =>
  and(
    eq(conversations.userId, actor.userId),
    eq(conversations.workspaceId, actor.workspaceId),
    isNull(conversations.deletedAt),
  );

const own = (actor: Actor, conversationId: string) =>
  and(eq(conversations.id, conversationId), isOwn(actor));

async function find(
  db: Database,
  actor: Actor,
  conversationId: string,
): Promise<ConversationSummary> {
  const [row] = await db.select(summary).from(conversations).where(own(actor, conversationId));
  if (row === undefined) throw new AppError("not_found", {});
  return row;
}

const turnColumns = {
  answerId: answers.id,
  turn: answers.turn,
  question: answers.question,
  outcome: answers.outcome,
  snapshot: answers.snapshot,
  rating: feedback.rating,
  startedAt: answers.startedAt,
  endedAt: answers.endedAt,
};

const ratedBy = (actor: Actor) =>
  and(eq(feedback.answerId, answers.id), eq(feedback.userId, actor.userId));

/** Answers are written once, as `AnswerSnapshot`; the column cannot say so. */
const asSnapshot = (value: unknown): AnswerSnapshot | null => value as AnswerSnapshot | null;

async function readableCollectionIds(db: Database, actor: Actor): Promise<ReadonlySet<string>> {
  const rows = await db
    .select({ id: collections.id })
    .from(collections)
    .where(mayUseCollection(actor, "read"));
  return new Set(rows.map((row) => row.id));
}

async function visibleTurns(
  db: Database,
  actor: Actor,
  rows: readonly (Omit<Turn, "snapshot"> & { readonly snapshot: unknown })[],
): Promise<readonly Turn[]> {
  if (rows.length === 0) return [];
  const readable = await readableCollectionIds(db, actor);
  return rows.map((row) => {
    // What is kept of a running answer is for its restart only: readers follow the events.
    const snapshot = row.outcome === "running" ? null : asSnapshot(row.snapshot);
    return { ...row, snapshot: snapshot === null ? null : visibleSnapshot(snapshot, readable) };
  });
}

async function turnsOf(
  db: Database,
  actor: Actor,
  conversationId: string,
): Promise<readonly Turn[]> {
  const rows = await db
    .select(turnColumns)
    .from(answers)
    .leftJoin(feedback, ratedBy(actor))
    .where(eq(answers.conversationId, conversationId))
    .orderBy(asc(answers.turn));
  return visibleTurns(db, actor, rows);
}

async function ownAnswer(db: Database, actor: Actor, answerId: string): Promise<Turn> {
  const rows = await db
    .select(turnColumns)
    .from(answers)
    .innerJoin(conversations, eq(conversations.id, answers.conversationId))
    .leftJoin(feedback, ratedBy(actor))
    .where(and(eq(answers.id, answerId), isOwn(actor)));
  const [turn] = await visibleTurns(db, actor, rows);
  if (turn === undefined) throw new AppError("not_found", {});
  return turn;
}

/** The row of the conversation is locked, so that two turns at once get two numbers. */
async function insertTurn(
  db: Database,
  actor: Actor,
  conversationId: string,
  turn: { readonly question: string; readonly owner: string },
) {
  const [conversation] = await db
    .update(conversations)
    .set({ updatedAt: sql`now()` })
    .where(own(actor, conversationId))
    .returning({ collectionIds: conversations.collectionIds });
  if (conversation === undefined) throw new AppError("not_found", {});
  const earlier = await turnsOf(db, actor, conversationId);
  const number = (earlier.at(-1)?.turn ?? -1) + 1;
  const [row] = await db
    .insert(answers)
    .values({ conversationId, turn: number, question: turn.question, owner: turn.owner })
    .returning({ id: answers.id });
  if (row === undefined) throw new AppError("internal", { reason: "no answer returned" });
  return {
    answerId: row.id,
    turn: number,
    collectionIds: conversation.collectionIds,
    history: earlier.map(({ question, snapshot }) => ({
      question,
      answer: snapshot === null ? "" : answerText(snapshot),
    })),
  };
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
    .returning(summary);
  if (row === undefined) throw new AppError("internal", { reason: "no conversation returned" });
  return row;
}

async function change(
  db: Database,
  actor: Actor,
  conversationId: string,
  columns: { readonly title: string } | { readonly deletedAt: Date },
): Promise<void> {
  const changed = await db
    .update(conversations)
    .set(columns)
    .where(own(actor, conversationId))
    .returning({ id: conversations.id });
  if (changed.length === 0) throw new AppError("not_found", {});
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

export const createConversationStore = ({ db }: { readonly db: Database }): ConversationStore => ({
  list: (actor) =>
    db
      .select(summary)
      .from(conversations)
      .where(isOwn(actor))
      .orderBy(desc(conversations.updatedAt)),
  async get(actor, conversationId) {
    const conversation = await find(db, actor, conversationId);
    return { conversation, turns: await turnsOf(db, actor, conversationId) };
  },
  create: (actor, conversation) => insertConversation(db, actor, conversation),
  rename: (actor, conversationId, title) => change(db, actor, conversationId, { title }),
  remove: (actor, conversationId) => change(db, actor, conversationId, { deletedAt: new Date() }),
  addTurn: (actor, conversationId, turn) =>
    db.transaction((transaction) => insertTurn(transaction, actor, conversationId, turn)),
  ownAnswer: (actor, answerId) => ownAnswer(db, actor, answerId),
  rate: (actor, answerId, given) => rate(db, actor, answerId, given),
});
