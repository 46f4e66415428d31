import { and, asc, eq, isNull, sql } from "drizzle-orm";
import { collectionGrants, collections, documents } from "../../../drizzle/schema/index.ts";
import type { Actor, CollectionRight } from "../../core/access/actor.ts";
import type { AnswerLanguage } from "../../core/chat/answer-instructions.ts";
import { AppError } from "../../core/errors/app-error.ts";
import type {
  CollectionRules,
  CollectionStore,
  CollectionSummary,
  NewCollection,
} from "../../ports/collection-store.ts";
import { collectionRight, mayUseCollection } from "./access.ts";
import { uuids } from "./sql-database.ts";
import type { Database } from "./typed-database.ts";
import { queueOtherLanguage } from "./upkeep.ts";

const documentCount = sql<number>`(select count(*)::int from ${documents}
  where ${documents.collectionId} = ${collections.id} and ${documents.deletedAt} is null)`;

const answerRules = {
  id: collections.id,
  name: collections.name,
  answerMode: collections.answerMode,
  refusalText: collections.refusalText,
  systemPrompt: collections.systemPrompt,
  answerStyle: collections.answerStyle,
  answerLanguage: sql<AnswerLanguage>`${collections.answerLanguage}`,
};

const summaryFor = (actor: Actor) => ({
  ...answerRules,
  description: collections.description,
  language: collections.language,
  isDemo: collections.isDemo,
  retentionDays: collections.retentionDays,
  documentCount: sql<number>`${documentCount}`,
  right: collectionRight(actor),
});

type SummaryRow = Omit<CollectionSummary, "right">;

/** What models are told is for who manages the collection. */
const seenWith = (right: CollectionRight, row: SummaryRow): CollectionSummary => ({
  ...row,
  right,
  systemPrompt: right === "manage" ? row.systemPrompt : "",
});

async function find(db: Database, actor: Actor, collectionId: string): Promise<CollectionSummary> {
  const [row] = await db
    .select(summaryFor(actor))
    .from(collections)
    .where(and(eq(collections.id, collectionId), mayUseCollection(actor, "read")));
  if (row?.right == null) throw new AppError("not_found", {});
  return seenWith(row.right, row);
}

const manageable = (actor: Actor, collectionId: string) =>
  and(eq(collections.id, collectionId), mayUseCollection(actor, "manage"));

/** Locks it. */
async function requireManage(db: Database, actor: Actor, collectionId: string) {
  const [row] = await db
    .select({ language: collections.language })
    .from(collections)
    .where(manageable(actor, collectionId))
    .for("update");
  if (row === undefined) throw new AppError("not_found", {});
  return row;
}

async function setVisibility(
  db: Database,
  collectionId: string,
  visibility: NewCollection["visibility"],
): Promise<void> {
  const everyone = and(
    eq(collectionGrants.collectionId, collectionId),
    eq(collectionGrants.subjectKind, "everyone"),
  );
  if (visibility === "private") await db.delete(collectionGrants).where(everyone);
  else
    await db
      .insert(collectionGrants)
      .values({ collectionId, subjectKind: "everyone", subjectId: "*", right: "read" })
      .onConflictDoNothing();
}

const columnsOf = (change: Partial<NewCollection>) => ({
  ...(change.name === undefined ? {} : { name: change.name }),
  ...(change.description === undefined ? {} : { description: change.description }),
  ...(change.language === undefined ? {} : { language: change.language }),
  ...(change.answerMode === undefined ? {} : { answerMode: change.answerMode }),
  ...(change.refusalText === undefined ? {} : { refusalText: change.refusalText }),
  ...(change.systemPrompt === undefined ? {} : { systemPrompt: change.systemPrompt }),
  ...(change.answerStyle === undefined ? {} : { answerStyle: change.answerStyle }),
  ...(change.answerLanguage === undefined ? {} : { answerLanguage: change.answerLanguage }),
  ...(change.retentionDays === undefined ? {} : { retentionDays: change.retentionDays }),
  ...(change.isDemo === undefined ? {} : { isDemo: change.isDemo }),
});

async function insertCollection(
  db: Database,
  actor: Actor,
  collection: NewCollection,
): Promise<string> {
  const [row] = await db
    .insert(collections)
    .values({
      ...columnsOf(collection),
      name: collection.name,
      workspaceId: actor.workspaceId,
      createdBy: actor.userId,
    })
    .returning({ id: collections.id });
  if (row === undefined) throw new AppError("internal", { reason: "no collection returned" });
  await db.insert(collectionGrants).values({
    collectionId: row.id,
    subjectKind: "user",
    subjectId: actor.userId,
    right: "manage",
  });
  await setVisibility(db, row.id, collection.visibility);
  return row.id;
}

async function changeCollection(
  db: Database,
  actor: Actor,
  collectionId: string,
  change: Partial<NewCollection>,
): Promise<void> {
  const { language } = await requireManage(db, actor, collectionId);
  const columns = columnsOf(change);
  if (Object.keys(columns).length > 0)
    await db.update(collections).set(columns).where(manageable(actor, collectionId));
  if (change.language !== undefined && change.language !== language)
    await queueOtherLanguage(db, collectionId, change.language);
  if (change.visibility !== undefined) await setVisibility(db, collectionId, change.visibility);
}

/** Everything that finds documents goes through collections that are not deleted. */
async function removeCollection(db: Database, actor: Actor, collectionId: string): Promise<void> {
  await requireManage(db, actor, collectionId);
  await db
    .update(collections)
    .set({ deletedAt: new Date(), corpusGeneration: sql`${collections.corpusGeneration} + 1` })
    .where(manageable(actor, collectionId));
}

const rulesOf = (
  db: Database,
  actor: Actor,
  collectionIds: readonly string[],
): Promise<readonly CollectionRules[]> =>
  db
    .select(answerRules)
    .from(collections)
    .where(
      and(
        isNull(collections.conversationId),
        collectionIds.length === 0
          ? undefined
          : sql`${collections.id} = any(${uuids(collectionIds)})`,
        mayUseCollection(actor, "read"),
      ),
    )
    .orderBy(asc(collections.createdAt), asc(collections.id));

/** Collections as people see them; every statement filters by the actor. */
export const createCollectionStore = ({
  db,
  preparing = db,
}: {
  readonly db: Database;
  /** For the rules, which every question asks for. */
  readonly preparing?: Database;
}): CollectionStore => ({
  async list(actor) {
    const rows = await db
      .select(summaryFor(actor))
      .from(collections)
      .where(and(isNull(collections.conversationId), mayUseCollection(actor, "read")))
      .orderBy(asc(collections.createdAt), asc(collections.id));
    return rows.flatMap(({ right, ...row }) => (right === null ? [] : [seenWith(right, row)]));
  },
  rules: (actor, collectionIds) => rulesOf(preparing, actor, collectionIds),
  get: (actor, collectionId) => find(db, actor, collectionId),
  async create(actor, collection) {
    const id = await db.transaction((transaction) =>
      insertCollection(transaction, actor, collection),
    );
    return find(db, actor, id);
  },
  async update(actor, collectionId, change) {
    await db.transaction((transaction) =>
      changeCollection(transaction, actor, collectionId, change),
    );
    return find(db, actor, collectionId);
  },
  remove: (actor, collectionId) =>
    db.transaction((transaction) => removeCollection(transaction, actor, collectionId)),
});
