import { AppError } from "../core/errors/app-error.ts";
import type { AccountProvider, ActiveSession, Caller } from "../ports/accounts.ts";
import type { AuditLog } from "../ports/audit-log.ts";
import type { IdentityProvider } from "../ports/identity-provider.ts";

/** Sign-in through the operator's identity provider. */
export interface SingleSignOn {
  /** As the sign-in page calls it; `null` while none is configured. */
  readonly name: string | null;
  /** Throws `not_found` while none is configured, `sso_unavailable`. */
  begin(callback: string): Promise<{ readonly url: string; readonly ticket: string }>;
  /** Throws `not_found`, `sso_failed`, `sso_unavailable`, `sso_unknown` for people who have no account and may not get one, `sign_in_failed` for suspended ones. */
  finish(callback: string, ticket: string, caller: Caller): Promise<ActiveSession>;
}

export function createSingleSignOn(deps: {
  readonly provider: IdentityProvider | null;
  readonly accounts: AccountProvider;
  readonly audit: AuditLog;
  readonly admitNewPeople: () => boolean;
}): SingleSignOn {
  const { provider, accounts, audit } = deps;
  const required = (): IdentityProvider => {
    if (provider === null) throw new AppError("not_found", { reason: "no identity provider" });
    return provider;
  };
  const addressOf = (caller: Caller) =>
    caller.address === null ? {} : { address: caller.address };

  return {
    name: provider?.name ?? null,

    begin: async (callback) => required().begin(callback),

    async finish(callback, ticket, caller) {
      const identity = await required().finish(callback, ticket);
      const admitNewPeople = deps.admitNewPeople();
      const person = await accounts.federatedPerson(identity, { admitNewPeople });
      if (person === null) {
        await audit.record({
          workspaceId: null,
          actorId: null,
          action: "session.refuse",
          target: (identity.verifiedEmail ?? identity.subject).slice(0, 200),
          ...addressOf(caller),
          detail: { by: "identity provider" },
        });
        throw new AppError("sso_unknown", {});
      }
      const session = await accounts.beginSession(person.userId, caller);
      const { workspaceId, userId } = session.actor;
      const row = { workspaceId, actorId: userId, target: userId, ...addressOf(caller) };
      const detail = { by: "identity provider" };
      if (person.isNew) await audit.record({ ...row, action: "person.join", detail });
      await audit.record({ ...row, action: "session.start", detail });
      return session;
    },
  };
}
