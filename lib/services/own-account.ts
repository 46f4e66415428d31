import { passwordFault } from "../core/access/password-policy.ts";
import type { Actor } from "../core/access/actor.ts";
import { AppError } from "../core/errors/app-error.ts";
import type { AccountProvider, ActiveSession, Caller } from "../ports/accounts.ts";
import type { AuditLog } from "../ports/audit-log.ts";
import type { PeopleStore } from "../ports/people-store.ts";
import type { PersonExport } from "../ports/person-export.ts";
import type { AttemptThrottle } from "./attempt-throttle.ts";

/** What people do with their own account. */
export interface OwnAccount {
  rename(actor: Actor, name: string): Promise<void>;
  /** Ends every session and begins a new one for the caller. Throws `wrong_password`, `weak_password`, `rate_limited`. */
  changePassword(
    actor: Actor,
    change: { readonly current: string; readonly next: string },
    caller: Caller,
  ): Promise<ActiveSession>;
  /** The text of one JSON document with everything that is the person's own, in pieces. */
  exportData(actor: Actor, caller: Caller, signal: AbortSignal): AsyncGenerator<string, void>;
  /** Account, conversations and grants, for good. Throws `wrong_password`, `last_admin`, `rate_limited`. */
  remove(actor: Actor, password: string, caller: Caller): Promise<void>;
}

export function createOwnAccount(deps: {
  readonly accounts: AccountProvider;
  readonly people: PeopleStore;
  readonly personExport: PersonExport;
  readonly audit: AuditLog;
  readonly throttle: AttemptThrottle;
}): OwnAccount {
  const { accounts, people, personExport, audit, throttle } = deps;

  const record = (actor: Actor, action: string, caller: Caller): Promise<void> =>
    audit.record({
      workspaceId: actor.workspaceId,
      actorId: actor.userId,
      action,
      target: actor.userId,
      ...(caller.address === null ? {} : { address: caller.address }),
    });

  /** Guessing at an open session costs as much as guessing at the door. People without a password have proven themselves elsewhere. */
  const requirePassword = async (actor: Actor, password: string): Promise<void> => {
    throttle.begin(actor.userId, "own account");
    const state = await accounts.checkPassword(actor, password).catch((error: unknown) => {
      throttle.withdrawn(actor.userId, "own account");
      throw error;
    });
    if (state === "wrong") throw new AppError("wrong_password", {});
    throttle.succeeded(actor.userId, "own account");
  };

  return {
    rename: (actor, name) => people.renameSelf(actor, name),

    async changePassword(actor, { current, next }, caller) {
      const { user } = await accounts.identity(actor);
      const fault = passwordFault(next, user);
      if (fault !== null) throw new AppError("weak_password", { reason: fault });
      await requirePassword(actor, current);
      await accounts.changePassword(actor, next);
      await record(actor, "password.change", caller);
      return accounts.beginSession(actor.userId, caller);
    },

    async *exportData(actor, caller, signal) {
      await record(actor, "person.export", caller);
      const identity = await accounts.identity(actor);
      yield `${JSON.stringify(identity).slice(0, -1)},"conversations":[`;
      let separator = "";
      for await (const conversation of personExport.conversations(actor, signal)) {
        yield `${separator}\n${JSON.stringify(conversation)}`;
        separator = ",";
      }
      const rest = await personExport.rest(actor);
      yield `\n],${JSON.stringify(rest).slice(1)}\n`;
    },

    async remove(actor, password, caller) {
      await requirePassword(actor, password);
      // Written first: afterwards nobody knows the name.
      await record(actor, "person.remove", caller);
      await people.removeSelf(actor);
    },
  };
}
