import { and, asc, eq, inArray, sql } from "drizzle-orm";
import { collectionGrants, groupMembers, groups, users } from "../../../drizzle/schema/index.ts";
import type { Actor } from "../../core/access/actor.ts";
import { AppError } from "../../core/errors/app-error.ts";
import type { Group, GroupStore } from "../../ports/people-store.ts";
import type { Database } from "./typed-database.ts";

const shown = {
  id: groups.id,
  name: groups.name,
  // Nested once more: drizzle drops the table names of a single-table select's outermost fragments.
  memberIds: sql<string[]>`${sql`array(select ${groupMembers.userId} from ${groupMembers}
    where ${groupMembers.groupId} = ${groups.id} order by 1)`}`,
};

/** Groups of the actor's workspace; nobody's for who is no admin. */
const within = (actor: Actor) => {
  if (actor.role !== "admin") throw new AppError("forbidden", {});
  return eq(groups.workspaceId, actor.workspaceId);
};

async function find(db: Database, actor: Actor, groupId: string): Promise<Group> {
  const [row] = await db
    .select(shown)
    .from(groups)
    .where(and(eq(groups.id, groupId), within(actor)));
  if (row === undefined) throw new AppError("not_found", {});
  return row;
}

async function setMembers(
  db: Database,
  actor: Actor,
  groupId: string,
  memberIds: readonly string[],
): Promise<void> {
  const wanted = [...new Set(memberIds)];
  const found = await db
    .select({ userId: users.id })
    .from(users)
    .where(and(eq(users.workspaceId, actor.workspaceId), inArray(users.id, wanted)));
  if (found.length < wanted.length) throw new AppError("not_found", {});
  await db.delete(groupMembers).where(eq(groupMembers.groupId, groupId));
  if (found.length > 0)
    await db.insert(groupMembers).values(found.map(({ userId }) => ({ groupId, userId })));
}

async function requireFreeName(
  db: Database,
  actor: Actor,
  name: string,
  groupId: string | null,
): Promise<void> {
  const taken = await db
    .select({ id: groups.id })
    .from(groups)
    .where(and(within(actor), sql`lower(${groups.name}) = lower(${name})`));
  if (taken.some(({ id }) => id !== groupId)) throw new AppError("name_taken", {});
}

async function changeGroup(
  db: Database,
  actor: Actor,
  groupId: string,
  change: { readonly name?: string; readonly memberIds?: readonly string[] },
): Promise<void> {
  await find(db, actor, groupId);
  const { name, memberIds } = change;
  if (name !== undefined) {
    await requireFreeName(db, actor, name, groupId);
    await db.update(groups).set({ name }).where(eq(groups.id, groupId));
  }
  if (memberIds !== undefined) await setMembers(db, actor, groupId, memberIds);
}

/** Grants name groups without a reference, so they are removed here. */
async function removeGroup(db: Database, actor: Actor, groupId: string): Promise<void> {
  await find(db, actor, groupId);
  await db
    .delete(collectionGrants)
    .where(and(eq(collectionGrants.subjectKind, "group"), eq(collectionGrants.subjectId, groupId)));
  await db.delete(groups).where(eq(groups.id, groupId));
}

/** Groups as admins see them; every statement is bound to the actor's workspace. */
export const createGroupStore = ({ db }: { readonly db: Database }): GroupStore => ({
  list: async (actor) =>
    db.select(shown).from(groups).where(within(actor)).orderBy(asc(groups.name), asc(groups.id)),
  async create(actor, name) {
    await requireFreeName(db, actor, name, null);
    const [row] = await db
      .insert(groups)
      .values({ workspaceId: actor.workspaceId, name })
      .onConflictDoNothing()
      .returning({ id: groups.id });
    if (row === undefined) throw new AppError("name_taken", {});
    return { id: row.id, name, memberIds: [] };
  },
  async change(actor, groupId, change) {
    await db.transaction((transaction) => changeGroup(transaction, actor, groupId, change));
    return find(db, actor, groupId);
  },
  remove: (actor, groupId) =>
    db.transaction((transaction) => removeGroup(transaction, actor, groupId)),
});
