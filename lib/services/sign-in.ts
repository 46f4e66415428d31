import { passwordFault, passwordTooLong } from "../core/access/password-policy.ts";
import { AppError, isAppError } from "../core/errors/app-error.ts";
import type { AccountProvider, ActiveSession, Caller } from "../ports/accounts.ts";
import type { AuditLog } from "../ports/audit-log.ts";
import type { AttemptThrottle } from "./attempt-throttle.ts";

export interface SignIn {
  /** Throws `sign_in_failed` alike whether the person is unknown, suspended or mistyped; `rate_limited` with the time to wait. */
  signIn(
    credentials: { readonly email: string; readonly password: string },
    caller: Caller,
  ): Promise<ActiveSession>;
  /** Returns the cookies that remove the session from the browser. */
  signOut(session: ActiveSession, caller: Caller): Promise<readonly string[]>;
  /** Throws `reset_token_invalid`, `weak_password`. */
  resetPassword(
    reset: { readonly token: string; readonly password: string },
    caller: Caller,
  ): Promise<void>;
}

/** One bucket for everyone whose address no trusted proxy states. */
const unknownAddress = "direct";

export function createSignIn(deps: {
  readonly accounts: AccountProvider;
  readonly audit: AuditLog;
  readonly throttle: AttemptThrottle;
}): SignIn {
  const { accounts, audit, throttle } = deps;
  return {
    async signIn(credentials, caller) {
      const email = credentials.email.trim().toLowerCase();
      const address = caller.address ?? unknownAddress;
      if (passwordTooLong(credentials.password)) throw new AppError("sign_in_failed", {});
      throttle.begin(email, address);
      try {
        const session = await accounts.signIn({ email, password: credentials.password }, caller);
        throttle.succeeded(email, address);
        await audit.record({ ...who(session, caller), action: "session.start" });
        return session;
      } catch (error) {
        if (!isAppError(error, "sign_in_failed")) {
          throttle.withdrawn(email, address);
          throw error;
        }
        await audit.record({
          workspaceId: null,
          actorId: null,
          action: "session.refuse",
          target: email.slice(0, 200),
          ...addressOf(caller),
        });
        throw error;
      }
    },

    async signOut(session, caller) {
      const cookies = await accounts.signOut(caller.headers);
      await audit.record({ ...who(session, caller), action: "session.end" });
      return cookies;
    },

    async resetPassword({ token, password }, caller) {
      const fault = passwordFault(password, { email: "" });
      if (fault !== null) throw new AppError("weak_password", { reason: fault });
      const owner = await accounts.resetPassword(token, password);
      await audit.record({
        workspaceId: owner.workspaceId,
        actorId: owner.userId,
        action: "password.reset",
        ...addressOf(caller),
      });
    },
  };
}

const addressOf = (caller: Caller) => (caller.address === null ? {} : { address: caller.address });

const who = (session: ActiveSession, caller: Caller) => ({
  workspaceId: session.actor.workspaceId,
  actorId: session.actor.userId,
  ...addressOf(caller),
});
