import { and, asc, eq, inArray, isNull } from "drizzle-orm";
import { collectionGrants, collections, groups, users } from "../../../drizzle/schema/index.ts";
import type { Actor } from "../../core/access/actor.ts";
import { AppError } from "../../core/errors/app-error.ts";
import type { CollectionRights, Grant } from "../../ports/collection-rights.ts";
import { mayUseCollection } from "./access.ts";
import type { Database } from "./typed-database.ts";

async function requireManage(db: Database, actor: Actor, collectionId: string): Promise<void> {
  const rows = await db
    .select({ id: collections.id })
    .from(collections)
    .where(and(eq(collections.id, collectionId), mayUseCollection(actor, "manage")))
    .for("update");
  if (rows.length === 0) throw new AppError("not_found", {});
}

const grantsOf = (db: Database, collectionId: string): Promise<readonly Grant[]> =>
  db
    .select({
      subjectKind: collectionGrants.subjectKind,
      subjectId: collectionGrants.subjectId,
      right: collectionGrants.right,
    })
    .from(collectionGrants)
    .where(eq(collectionGrants.collectionId, collectionId))
    .orderBy(asc(collectionGrants.subjectKind), asc(collectionGrants.subjectId));

const peopleOf = (db: Database, actor: Actor) =>
  db
    .select({ id: users.id, name: users.name, email: users.email })
    .from(users)
    .where(and(eq(users.workspaceId, actor.workspaceId), isNull(users.suspendedAt)))
    .orderBy(asc(users.name), asc(users.id));

const groupsOf = (db: Database, actor: Actor) =>
  db
    .select({ id: groups.id, name: groups.name })
    .from(groups)
    .where(eq(groups.workspaceId, actor.workspaceId))
    .orderBy(asc(groups.name));

/** Every subject must be of the actor's own workspace. */
async function requireKnown(db: Database, actor: Actor, grants: readonly Grant[]): Promise<void> {
  const idsOf = (kind: Grant["subjectKind"]) => [
    ...new Set(grants.filter((one) => one.subjectKind === kind).map((one) => one.subjectId)),
  ];
  const [userIds, groupIds] = [idsOf("user"), idsOf("group")];
  const people = await db
    .select({ id: users.id })
    .from(users)
    .where(and(eq(users.workspaceId, actor.workspaceId), inArray(users.id, userIds)));
  const found = await db
    .select({ id: groups.id })
    .from(groups)
    .where(and(eq(groups.workspaceId, actor.workspaceId), inArray(groups.id, groupIds)));
  if (people.length < userIds.length || found.length < groupIds.length)
    throw new AppError("not_found", {});
}

/** Who may do what with a collection, for those who manage it. */
export const createCollectionRights = ({ db }: { readonly db: Database }): CollectionRights => ({
  async read(actor, collectionId) {
    await requireManage(db, actor, collectionId);
    const [grants, people, groupList] = await Promise.all([
      grantsOf(db, collectionId),
      peopleOf(db, actor),
      groupsOf(db, actor),
    ]);
    return { grants, people, groups: groupList };
  },
  async replace(actor, collectionId, grants) {
    await db.transaction(async (transaction) => {
      await requireManage(transaction, actor, collectionId);
      await requireKnown(transaction, actor, grants);
      await transaction
        .delete(collectionGrants)
        .where(eq(collectionGrants.collectionId, collectionId));
      if (grants.length > 0)
        await transaction
          .insert(collectionGrants)
          .values(grants.map((grant) => ({ ...grant, collectionId })));
    });
  },
});
