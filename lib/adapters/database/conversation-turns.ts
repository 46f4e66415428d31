import { and, asc, eq, inArray, isNull, sql } from "drizzle-orm";
import { answers, conversations, documents, feedback } from "../../../drizzle/schema/index.ts";
import type { Actor } from "../../core/access/actor.ts";
import { branchTo, type BranchNode, type BranchStep } from "../../core/chat/branches.ts";
import type { AnswerSnapshot } from "../../core/chat/events.ts";
import { visibleSnapshot } from "../../core/chat/visible-snapshot.ts";
import type { Turn } from "../../ports/conversation-store.ts";
import { readableCollections } from "./access.ts";
import { uuids } from "./sql-database.ts";
import type { Database } from "./typed-database.ts";

/** A conversation is its owner's alone, in the workspace where it began. */
export const isOwn = (actor: Actor) =>
  and(
    eq(conversations.userId, actor.userId),
    eq(conversations.workspaceId, actor.workspaceId),
    isNull(conversations.deletedAt),
  );

export const own = (actor: Actor, conversationId: string) =>
  and(eq(conversations.id, conversationId), isOwn(actor));

export const turnColumns = {
  answerId: answers.id,
  turn: answers.turn,
  question: answers.question,
  outcome: answers.outcome,
  snapshot: answers.snapshot,
  rating: feedback.rating,
  startedAt: answers.startedAt,
  endedAt: answers.endedAt,
};

type SnapshotRow = Pick<Turn, "outcome"> & { readonly snapshot: unknown };

export const ratedBy = (actor: Actor) =>
  and(eq(feedback.answerId, answers.id), eq(feedback.userId, actor.userId));

/** Answers are written once, as `AnswerSnapshot`; the column cannot say so. What is kept of a running one is for its restart only. */
const snapshotOf = (row: SnapshotRow): AnswerSnapshot | null =>
  row.outcome === "running" ? null : (row.snapshot as AnswerSnapshot | null);

async function readableDocuments(
  db: Database,
  actor: Actor,
  documentIds: readonly string[],
): Promise<ReadonlySet<string>> {
  if (documentIds.length === 0) return new Set();
  const rows = await db
    .select({ id: documents.id })
    .from(documents)
    .where(
      and(
        sql`${documents.id} = any(${uuids(documentIds)})`,
        isNull(documents.deletedAt),
        sql`${documents.collectionId} in ${readableCollections(actor)}`,
      ),
    );
  return new Set(rows.map((row) => row.id));
}

/** The turns as this reader may see them now: evidence of documents that are not theirs to read is not there. */
export async function visibleTurns<R extends SnapshotRow>(
  db: Database,
  actor: Actor,
  rows: readonly R[],
): Promise<readonly (Omit<R, "snapshot"> & { readonly snapshot: AnswerSnapshot | null })[]> {
  const named = rows.flatMap((row) => snapshotOf(row)?.sources.map((one) => one.documentId) ?? []);
  const readable = await readableDocuments(db, actor, [...new Set(named)]);
  return rows.map((row) => {
    const snapshot = snapshotOf(row);
    return { ...row, snapshot: snapshot === null ? null : visibleSnapshot(snapshot, readable) };
  });
}

export async function branchNodes(
  db: Database,
  conversationId: string,
): Promise<readonly BranchNode[]> {
  const rows = await db
    .select({
      answerId: answers.id,
      parentId: answers.parentId,
      startedAt: answers.startedAt,
    })
    .from(answers)
    .where(eq(answers.conversationId, conversationId));
  return rows.map(({ startedAt, ...row }) => ({ ...row, startedAtMs: startedAt.getTime() }));
}

/** The turns of a branch, in its order, for a reader whose right to the conversation was checked. */
export async function turnsOf(
  db: Database,
  actor: Actor,
  branch: readonly BranchStep[],
): Promise<readonly Turn[]> {
  if (branch.length === 0) return [];
  const siblings = new Map(branch.map((step) => [step.answerId, step.siblings]));
  const rows = await db
    .select(turnColumns)
    .from(answers)
    .leftJoin(feedback, ratedBy(actor))
    .where(inArray(answers.id, [...siblings.keys()]))
    .orderBy(asc(answers.turn));
  const visible = await visibleTurns(db, actor, rows);
  return visible.map((row) => ({ ...row, siblings: siblings.get(row.answerId) ?? [] }));
}

/** The branch that a conversation shows. */
export const shownBranch = async (
  db: Database,
  conversation: { readonly id: string; readonly tipId: string | null },
): Promise<readonly BranchStep[]> =>
  branchTo(await branchNodes(db, conversation.id), conversation.tipId);
