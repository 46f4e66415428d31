import { passwordFault } from "../core/access/password-policy.ts";
import type { Actor } from "../core/access/actor.ts";
import { AppError } from "../core/errors/app-error.ts";
import type {
  AccountProvider,
  ActiveSession,
  Caller,
  Invited,
  NewMember,
} from "../ports/accounts.ts";
import type { AuditLog } from "../ports/audit-log.ts";
import type {
  Invitation,
  InvitationStore,
  NewInvitation,
  PeopleStore,
} from "../ports/people-store.ts";

/** How people come in: an admin makes a link, who gets it makes an account with it. */
export interface Invite {
  /** The link is shown once; it works for seven days. Throws `email_taken`, `not_found`. */
  invite(
    actor: Actor,
    invitation: Omit<NewInvitation, "lifetimeMs">,
    caller: Caller,
  ): Promise<{ readonly invitation: Invitation; readonly link: string }>;
  /** A link with which somebody chooses a new password, good for an hour. Throws `not_found`. */
  resetLinkFor(actor: Actor, userId: string, caller: Caller): Promise<string>;
  /** Throws `invitation_invalid`. */
  invitation(token: string): Promise<Invited>;
  /** Throws `invitation_invalid`, `email_taken`, `weak_password`. */
  join(member: NewMember, caller: Caller): Promise<ActiveSession>;
}

const lifetimeMs = 7 * 24 * 60 * 60_000;
const resetLifetimeMs = 60 * 60_000;

export function createInvite(deps: {
  readonly accounts: AccountProvider;
  readonly invitations: InvitationStore;
  readonly people: Pick<PeopleStore, "get">;
  readonly audit: AuditLog;
  /** Where browsers reach Drover. */
  readonly origin: string;
}): Invite {
  const { accounts, invitations, people, audit, origin } = deps;
  return {
    async invite(actor, wanted, caller) {
      const made = await invitations.create(actor, { ...wanted, lifetimeMs });
      const { id, email, role } = made.invitation;
      await audit.record({
        workspaceId: actor.workspaceId,
        actorId: actor.userId,
        action: "invitation.create",
        target: id,
        ...addressOf(caller),
        detail: { role, ...(email === null ? {} : { email }) },
      });
      // After the `#`, which browsers never send: no proxy log holds it.
      return { invitation: made.invitation, link: `${origin}/join#token=${made.token}` };
    },

    async resetLinkFor(actor, userId, caller) {
      const { id } = await people.get(actor, userId);
      const token = await accounts.issueToken({ resetPasswordOf: id }, resetLifetimeMs);
      await audit.record({
        workspaceId: actor.workspaceId,
        actorId: actor.userId,
        action: "password.reset-link",
        target: id,
        ...addressOf(caller),
      });
      return `${origin}/reset#token=${token}`;
    },

    invitation: (token) => accounts.invitation(token),

    async join(member, caller) {
      const fault = passwordFault(member.password, member);
      if (fault !== null) throw new AppError("weak_password", { reason: fault });
      const session = await accounts.join(member, caller);
      await audit.record({
        workspaceId: session.actor.workspaceId,
        actorId: session.actor.userId,
        action: "person.join",
        target: session.actor.userId,
        ...addressOf(caller),
        detail: { role: session.actor.role },
      });
      return session;
    },
  };
}

const addressOf = (caller: Caller) => (caller.address === null ? {} : { address: caller.address });
