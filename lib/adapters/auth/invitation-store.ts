import { randomBytes } from "node:crypto";
import { and, desc, eq, gt, inArray } from "drizzle-orm";
import { groups, invitations, users } from "../../../drizzle/schema/index.ts";
import type { Actor } from "../../core/access/actor.ts";
import { AppError } from "../../core/errors/app-error.ts";
import type { Invitation, InvitationStore, NewInvitation } from "../../ports/people-store.ts";
import type { Database } from "./better-auth.ts";
import { hashOf } from "./one-time-tokens.ts";

const shown = {
  id: invitations.id,
  email: invitations.email,
  role: invitations.role,
  groupIds: invitations.groupIds,
  invitedBy: users.name,
  createdAt: invitations.createdAt,
  expiresAt: invitations.expiresAt,
};

/** Invitations of the actor's workspace that can still be used; nobody's for who is no admin. */
const within = (actor: Actor) => {
  if (actor.role !== "admin") throw new AppError("forbidden", {});
  return and(eq(invitations.workspaceId, actor.workspaceId), gt(invitations.expiresAt, new Date()));
};

const selectShown = (db: Database) =>
  db.select(shown).from(invitations).leftJoin(users, eq(users.id, invitations.createdBy));

async function insertInvitation(
  db: Database,
  actor: Actor,
  invitation: NewInvitation,
  token: string,
): Promise<Invitation> {
  const groupIds = [...new Set(invitation.groupIds)];
  const email = invitation.email?.toLowerCase() ?? null;
  if (email !== null) {
    const taken = await db.select({ id: users.id }).from(users).where(eq(users.email, email));
    if (taken.length > 0) throw new AppError("email_taken", {});
  }
  const found = await db
    .select({ id: groups.id })
    .from(groups)
    .where(and(eq(groups.workspaceId, actor.workspaceId), inArray(groups.id, groupIds)));
  if (found.length < groupIds.length) throw new AppError("not_found", {});
  const [row] = await db
    .insert(invitations)
    .values({
      workspaceId: actor.workspaceId,
      tokenHash: hashOf(token),
      email,
      role: invitation.role,
      groupIds,
      createdBy: actor.userId,
      expiresAt: new Date(Date.now() + invitation.lifetimeMs),
    })
    .returning({ id: invitations.id });
  const [made] = await selectShown(db).where(eq(invitations.id, row?.id ?? ""));
  if (made === undefined) throw new AppError("internal", { reason: "no invitation returned" });
  return made;
}

/** Links that make an account; the text of a link is known to its maker alone. */
export const createInvitationStore = ({ db }: { readonly db: Database }): InvitationStore => ({
  list: async (actor) =>
    selectShown(db).where(within(actor)).orderBy(desc(invitations.createdAt), invitations.id),
  async create(actor, invitation) {
    within(actor);
    const token = randomBytes(32).toString("base64url");
    return { invitation: await insertInvitation(db, actor, invitation, token), token };
  },
  async revoke(actor, invitationId) {
    const revoked = await db
      .delete(invitations)
      .where(and(eq(invitations.id, invitationId), within(actor)))
      .returning({ id: invitations.id });
    if (revoked.length === 0) throw new AppError("not_found", {});
  },
});
