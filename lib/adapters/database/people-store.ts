import { and, asc, count, desc, eq, gt, inArray, isNull, sql } from "drizzle-orm";
import {
  accounts,
  collectionGrants,
  groupMembers,
  groups,
  sessions,
  users,
  workspaces,
} from "../../../drizzle/schema/index.ts";
import type { Actor } from "../../core/access/actor.ts";
import { AppError } from "../../core/errors/app-error.ts";
import type { PeopleStore, Person, PersonChange, PersonSession } from "../../ports/people-store.ts";
import type { Database } from "./typed-database.ts";

// Nested once more: drizzle drops the table names of a single-table select's outermost fragments.
const liveSessions = sql`select ${sessions.updatedAt} as seen from ${sessions}
  where ${sessions.userId} = ${users.id} and ${sessions.expiresAt} > now()`;

const person = {
  id: users.id,
  name: users.name,
  email: users.email,
  role: users.role,
  suspendedAt: users.suspendedAt,
  createdAt: users.createdAt,
  lastSeenAt: sql<Date | null>`${sql`(select max(seen) from (${liveSessions}) as live)`}`.mapWith(
    sessions.updatedAt,
  ),
  sessionCount: sql<number>`${sql`(select count(*)::int from (${liveSessions}) as live)`}`,
  groupIds: sql<string[]>`${sql`array(select ${groupMembers.groupId}::text from ${groupMembers}
    where ${groupMembers.userId} = ${users.id} order by 1)`}`,
  signInBy: sql<string[]>`${sql`array(select ${accounts.providerId} from ${accounts}
    where ${accounts.userId} = ${users.id} order by 1)`}`,
};

/** People of the actor's workspace; nobody's for who is no admin. */
const within = (actor: Actor) => {
  if (actor.role !== "admin") throw new AppError("forbidden", {});
  return eq(users.workspaceId, actor.workspaceId);
};

async function find(db: Database, actor: Actor, userId: string): Promise<Person> {
  const [row] = await db
    .select(person)
    .from(users)
    .where(and(eq(users.id, userId), within(actor)));
  if (row === undefined) throw new AppError("not_found", {});
  return row;
}

/** Changes of who decides take turns, so that two admins cannot remove each other at the same time. */
const lockWorkspace = (db: Database, actor: Actor) =>
  db
    .select({ id: workspaces.id })
    .from(workspaces)
    .where(eq(workspaces.id, actor.workspaceId))
    .for("update");

/** Throws `last_admin` when no admin would be left; the transaction is given up by it. */
async function requireAnAdmin(db: Database, actor: Actor): Promise<void> {
  const [row] = await db
    .select({ admins: count() })
    .from(users)
    .where(
      and(
        eq(users.workspaceId, actor.workspaceId),
        eq(users.role, "admin"),
        isNull(users.suspendedAt),
      ),
    );
  if ((row?.admins ?? 0) === 0) throw new AppError("last_admin", {});
}

async function setGroups(
  db: Database,
  actor: Actor,
  userId: string,
  groupIds: readonly string[],
): Promise<void> {
  const wanted = [...new Set(groupIds)];
  const found = await db
    .select({ groupId: groups.id })
    .from(groups)
    .where(and(eq(groups.workspaceId, actor.workspaceId), inArray(groups.id, wanted)));
  if (found.length < wanted.length) throw new AppError("not_found", {});
  await db.delete(groupMembers).where(eq(groupMembers.userId, userId));
  if (found.length > 0)
    await db.insert(groupMembers).values(found.map(({ groupId }) => ({ groupId, userId })));
}

async function changePerson(
  db: Database,
  actor: Actor,
  userId: string,
  change: PersonChange,
): Promise<void> {
  await lockWorkspace(db, actor);
  const before = await find(db, actor, userId);
  const { role = before.role, suspended = before.suspendedAt !== null, groupIds } = change;
  const suspendedAt = suspended ? (before.suspendedAt ?? new Date()) : null;
  const email = change.email?.toLowerCase() ?? before.email;
  if (email !== before.email) await requireFreeEmail(db, email);
  await db
    .update(users)
    .set({ role, suspendedAt, email })
    .where(and(eq(users.id, userId), within(actor)));
  await requireAnAdmin(db, actor);
  if (role !== before.role || suspended) await endSessionsOf(db, userId);
  if (groupIds !== undefined) await setGroups(db, actor, userId, groupIds);
}

/** Addresses are taken over all workspaces: they are what people sign in with. */
async function requireFreeEmail(db: Database, email: string): Promise<void> {
  const taken = await db.select({ id: users.id }).from(users).where(eq(users.email, email));
  if (taken.length > 0) throw new AppError("email_taken", {});
}

const sessionsOf = (db: Database, userId: string): Promise<readonly PersonSession[]> =>
  db
    .select({
      id: sessions.id,
      address: sql<string | null>`nullif(${sessions.ipAddress}, '')`,
      agent: sql<string | null>`nullif(${sessions.userAgent}, '')`,
      createdAt: sessions.createdAt,
      lastSeenAt: sessions.updatedAt,
    })
    .from(sessions)
    .where(and(eq(sessions.userId, userId), gt(sessions.expiresAt, new Date())))
    .orderBy(desc(sessions.updatedAt));

async function endSessionOf(db: Database, userId: string, sessionId: string): Promise<void> {
  const ended = await db
    .delete(sessions)
    .where(and(eq(sessions.id, sessionId), eq(sessions.userId, userId)))
    .returning({ id: sessions.id });
  if (ended.length === 0) throw new AppError("not_found", {});
}

const endSessionsOf = (db: Database, userId: string) =>
  db.delete(sessions).where(eq(sessions.userId, userId));

/** Grants name people without a reference, so they are removed here; the rest goes with the row. */
async function removePerson(db: Database, actor: Actor, userId: string): Promise<void> {
  await lockWorkspace(db, actor);
  const removed = await db
    .delete(users)
    .where(and(eq(users.id, userId), eq(users.workspaceId, actor.workspaceId)))
    .returning({ id: users.id });
  if (removed.length === 0) throw new AppError("not_found", {});
  await db
    .delete(collectionGrants)
    .where(and(eq(collectionGrants.subjectKind, "user"), eq(collectionGrants.subjectId, userId)));
  await requireAnAdmin(db, actor);
}

/** Accounts as admins see them; every statement is bound to the actor's workspace. */
export const createPeopleStore = ({ db }: { readonly db: Database }): PeopleStore => ({
  list: async (actor) =>
    db.select(person).from(users).where(within(actor)).orderBy(asc(users.name), asc(users.id)),
  get: (actor, userId) => find(db, actor, userId),
  async change(actor, userId, change) {
    await db.transaction((transaction) => changePerson(transaction, actor, userId, change));
    return find(db, actor, userId);
  },
  async remove(actor, userId) {
    await find(db, actor, userId);
    await db.transaction((transaction) => removePerson(transaction, actor, userId));
  },
  async sessions(actor, userId) {
    await find(db, actor, userId);
    return sessionsOf(db, userId);
  },
  async endSession(actor, userId, sessionId) {
    await find(db, actor, userId);
    await endSessionOf(db, userId, sessionId);
  },
  async endSessions(actor, userId) {
    await find(db, actor, userId);
    await endSessionsOf(db, userId);
  },
  removeSelf: (actor) =>
    db.transaction((transaction) => removePerson(transaction, actor, actor.userId)),
  async renameSelf(actor, name) {
    await db.update(users).set({ name }).where(eq(users.id, actor.userId));
  },
});
