import { passwordFault } from "../core/access/password-policy.ts";
import { AppError } from "../core/errors/app-error.ts";
import type { AccountProvider, ActiveSession, Caller, FirstAdmin } from "../ports/accounts.ts";
import type { AuditLog } from "../ports/audit-log.ts";

/** Where the operator finds the set-up link: the log and a file that only they can read. */
export interface LinkDesk {
  publish(link: string): Promise<void>;
  /** The link is of no use any more. */
  withdraw(): Promise<void>;
}

export interface SetUp {
  /** While nobody is set up: makes a new link, good for 15 minutes, publishes and returns it; else `null`. */
  announce(): Promise<string | null>;
  open(): Promise<boolean>;
  /** Throws `setup_closed`, `setup_token_invalid`, `weak_password`. */
  complete(admin: FirstAdmin, caller: Caller): Promise<ActiveSession>;
  /** A link for somebody who lost their password, good for an hour. Throws `not_found`. */
  resetLink(email: string): Promise<string>;
}

const setupLifetimeMs = 15 * 60_000;
const resetLifetimeMs = 60 * 60_000;

export function createSetUp(deps: {
  readonly accounts: AccountProvider;
  readonly audit: AuditLog;
  readonly links: LinkDesk;
  /** Where browsers reach Drover. */
  readonly origin: string;
}): SetUp {
  const { accounts, audit, links, origin } = deps;
  return {
    open: () => accounts.setupOpen(),

    async announce() {
      if (!(await accounts.setupOpen())) {
        await links.withdraw();
        return null;
      }
      const token = await accounts.issueToken("setup", setupLifetimeMs);
      // The token stands after the `#`, which browsers never send: no proxy log holds it.
      const link = `${origin}/setup#token=${token}`;
      await links.publish(link);
      return link;
    },

    async complete(admin, caller) {
      if (!(await accounts.setupOpen())) throw new AppError("setup_closed", {});
      const fault = passwordFault(admin.password, admin);
      if (fault !== null) throw new AppError("weak_password", { reason: fault });
      const session = await accounts.createFirstAdmin(admin, caller);
      await links.withdraw();
      await audit.record({
        workspaceId: session.actor.workspaceId,
        actorId: session.actor.userId,
        action: "workspace.set-up",
        ...(caller.address === null ? {} : { address: caller.address }),
      });
      return session;
    },

    async resetLink(email) {
      const user = await accounts.findUserByEmail(email);
      if (user === null) throw new AppError("not_found", { reason: "no person has this e-mail" });
      const token = await accounts.issueToken({ resetPasswordOf: user.id }, resetLifetimeMs);
      await audit.record({
        workspaceId: user.workspaceId,
        actorId: null,
        action: "password.reset-link",
        target: user.id,
      });
      return `${origin}/reset#token=${token}`;
    },
  };
}
