import { randomUUID } from "node:crypto";
import { and, asc, desc, eq, gt, inArray } from "drizzle-orm";
import {
  accounts,
  groupMembers,
  groups,
  invitations,
  users,
  workspaces,
} from "../../../drizzle/schema/index.ts";
import type { FederatedPerson } from "../../ports/accounts.ts";
import type { ProvenIdentity } from "../../ports/identity-provider.ts";
import type { Database } from "./better-auth.ts";

const providerId = "oidc";

interface Entry {
  readonly workspaceId: string;
  readonly role: "admin" | "member";
  readonly groupIds: readonly string[];
}

async function linkedTo(db: Database, subject: string): Promise<string | null> {
  const [row] = await db
    .select({ userId: accounts.userId })
    .from(accounts)
    .where(and(eq(accounts.providerId, providerId), eq(accounts.accountId, subject)));
  return row?.userId ?? null;
}

/** What lets a new person in: an invitation to this very address, or the rule that everybody may come. */
async function entryFor(
  db: Database,
  email: string,
  admitNewPeople: boolean,
): Promise<Entry | null> {
  const [invitation] = await db
    .select()
    .from(invitations)
    .where(and(eq(invitations.email, email), gt(invitations.expiresAt, new Date())))
    .orderBy(desc(invitations.createdAt))
    .limit(1)
    .for("update");
  if (invitation !== undefined) {
    await db.delete(invitations).where(eq(invitations.id, invitation.id));
    return invitation;
  }
  const [workspace] = await db
    .select({ id: workspaces.id })
    .from(workspaces)
    .orderBy(asc(workspaces.createdAt))
    .limit(1);
  if (!admitNewPeople || workspace === undefined) return null;
  return { workspaceId: workspace.id, role: "member", groupIds: [] };
}

async function insertPerson(
  db: Database,
  identity: ProvenIdentity,
  email: string,
  entry: Entry,
): Promise<string> {
  const id = randomUUID().replaceAll("-", "");
  const name = (identity.name ?? email.split("@")[0] ?? email).slice(0, 120);
  const { workspaceId, role } = entry;
  await db.insert(users).values({ id, name, email, emailVerified: true, role, workspaceId });
  const found = await db
    .select({ groupId: groups.id })
    .from(groups)
    .where(and(eq(groups.workspaceId, workspaceId), inArray(groups.id, [...entry.groupIds])));
  if (found.length > 0)
    await db.insert(groupMembers).values(found.map(({ groupId }) => ({ groupId, userId: id })));
  return id;
}

/**
 * The account of a proven identity: the linked one, else the one with the same verified address, else a new one if something lets
 * them in; `null` when nothing does. An address that the provider has not verified proves nothing.
 */
export function findFederatedPerson(
  db: Database,
  identity: ProvenIdentity,
  options: { readonly admitNewPeople: boolean },
): Promise<FederatedPerson | null> {
  return db.transaction(async (transaction) => {
    const linked = await linkedTo(transaction, identity.subject);
    if (linked !== null) return { userId: linked, isNew: false };
    const email = identity.verifiedEmail?.toLowerCase() ?? null;
    if (email === null) return null;
    const [known] = await transaction
      .select({ id: users.id })
      .from(users)
      .where(eq(users.email, email));
    const entry =
      known === undefined ? await entryFor(transaction, email, options.admitNewPeople) : null;
    if (known === undefined && entry === null) return null;
    const userId =
      entry === null ? (known?.id ?? "") : await insertPerson(transaction, identity, email, entry);
    await transaction
      .insert(accounts)
      .values({ id: randomUUID(), userId, providerId, accountId: identity.subject });
    return { userId, isNew: entry !== null };
  });
}
