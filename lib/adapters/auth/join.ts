import { and, eq, gt, inArray } from "drizzle-orm";
import {
  groupMembers,
  groups,
  invitations,
  users,
  workspaces,
} from "../../../drizzle/schema/index.ts";
import { AppError } from "../../core/errors/app-error.ts";
import type { Invited, NewMember } from "../../ports/accounts.ts";
import { type AuthSettings, createBetterAuth, type Database } from "./better-auth.ts";
import { hashOf } from "./one-time-tokens.ts";

const usable = (token: string) =>
  and(eq(invitations.tokenHash, hashOf(token)), gt(invitations.expiresAt, new Date()));

/** What the invitation's link promises; looked up by hash, so time tells nothing about the text. Throws `invitation_invalid`. */
export async function readInvitation(db: Database, token: string): Promise<Invited> {
  const [row] = await db
    .select({
      workspaceName: workspaces.name,
      invitedBy: users.name,
      email: invitations.email,
    })
    .from(invitations)
    .innerJoin(workspaces, eq(workspaces.id, invitations.workspaceId))
    .leftJoin(users, eq(users.id, invitations.createdBy))
    .where(usable(token));
  if (row === undefined) throw new AppError("invitation_invalid", {});
  return row;
}

/**
 * Person, session and memberships in one transaction; the invitation is used up by it.
 * @param member.passwordHash computed before: a hash inside the transaction would hold up the whole embedded database
 * @returns the response headers of the account library, with the session's cookie
 * @throws AppError `invitation_invalid`, `email_taken`
 */
export async function insertMember(
  db: Database,
  settings: AuthSettings,
  member: NewMember & { readonly passwordHash: string },
  headers: Headers,
): Promise<Headers> {
  const email = member.email.toLowerCase();
  return db.transaction(async (transaction) => {
    // Deleted first: of many who hold the link at the same time one gets the row.
    const [invitation] = await transaction
      .delete(invitations)
      .where(usable(member.token))
      .returning();
    const meant = invitation?.email?.toLowerCase() ?? email;
    if (invitation === undefined || meant !== email) throw new AppError("invitation_invalid", {});
    const taken = await transaction.select().from(users).where(eq(users.email, email));
    if (taken.length > 0) throw new AppError("email_taken", {});
    const ready = {
      hash: () => Promise.resolve(member.passwordHash),
      verify: () => Promise.resolve(false),
    };
    const auth = createBetterAuth(transaction, settings, ready, "open");
    const { role, workspaceId } = invitation;
    const body = { name: member.name, email, password: member.password, role, workspaceId };
    const signedUp = await auth.api.signUpEmail({ body, headers, returnHeaders: true });
    await joinGroups(transaction, signedUp.response.user.id, invitation);
    return signedUp.headers;
  });
}

/** Groups that are gone, or were never the workspace's, are left out. */
async function joinGroups(
  db: Database,
  userId: string,
  { workspaceId, groupIds }: { readonly workspaceId: string; readonly groupIds: string[] },
): Promise<void> {
  if (groupIds.length === 0) return;
  const found = await db
    .select({ groupId: groups.id })
    .from(groups)
    .where(and(eq(groups.workspaceId, workspaceId), inArray(groups.id, groupIds)));
  if (found.length > 0)
    await db.insert(groupMembers).values(found.map(({ groupId }) => ({ groupId, userId })));
}
