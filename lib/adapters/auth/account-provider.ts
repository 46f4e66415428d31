import { and, eq } from "drizzle-orm";
import { sessions, users, workspaces } from "../../../drizzle/schema/index.ts";
import type { Actor } from "../../core/access/actor.ts";
import { AppError } from "../../core/errors/app-error.ts";
import type { AccountProvider } from "../../ports/accounts.ts";
import { createAuthFor } from "./auth-for-request.ts";
import { type Database, endedCookie, settingsFor } from "./better-auth.ts";
import { createReadCurrentSession } from "./current-session.ts";
import { findFederatedPerson } from "./federated.ts";
import { isSetupOpen } from "./first-admin.ts";
import { readInvitation } from "./join.ts";
import { createSessionReader, endSessionOf, listSessions, standing } from "./known-sessions.ts";
import { issueOneTimeToken } from "./one-time-tokens.ts";
import { changePassword, checkPassword, createPasswordReset } from "./password-change.ts";
import {
  type AccountDeps,
  createFirstAdminMaker,
  createJoin,
  createSessionStart,
  createSignIn,
} from "./session-start.ts";

async function identityOf(db: Database, actor: Actor) {
  const [row] = await db
    .select({
      user: { id: users.id, name: users.name, email: users.email, role: users.role },
      workspace: { id: workspaces.id, name: workspaces.name },
    })
    .from(users)
    .innerJoin(workspaces, eq(workspaces.id, users.workspaceId))
    .where(eq(users.id, actor.userId));
  if (row === undefined) throw new AppError("unauthenticated", {});
  return row;
}

/** People, passwords and sessions on better-auth; its tables live in the same database as everything else. */
export function createAccountProvider(deps: AccountDeps): AccountProvider {
  const { db, preparing, settings } = deps;
  const authFor = createAuthFor(deps);
  const readCurrent = createReadCurrentSession(preparing, settings);
  const authenticate = createSessionReader(authFor, db, readCurrent);
  return {
    authenticate,
    standing: (sessionIds) => standing(db, sessionIds),
    identity: (actor) => identityOf(db, actor),
    sessions: (actor, currentSessionId) => listSessions(db, actor, currentSessionId),
    setupOpen: () => isSetupOpen(db),
    signIn: createSignIn(deps, authFor, authenticate),
    createFirstAdmin: createFirstAdminMaker(deps, authenticate),
    resetPassword: createPasswordReset(deps),
    invitation: (token) => readInvitation(db, token),
    join: createJoin(deps, authenticate),
    beginSession: createSessionStart(deps, authFor, authenticate),
    federatedPerson: (identity, options) => findFederatedPerson(db, identity, options),
    checkPassword: (actor, password) => checkPassword(deps, actor.userId, password),
    changePassword: (actor, password) => changePassword(deps, actor.userId, password),
    async signOut(headers) {
      await endSessionOf(db, authenticate, headers);
      return [endedCookie(settingsFor(settings, headers).origin)];
    },
    async endSession(actor, sessionId) {
      const ended = await db
        .delete(sessions)
        .where(and(eq(sessions.id, sessionId), eq(sessions.userId, actor.userId)))
        .returning({ id: sessions.id });
      if (ended.length === 0) throw new AppError("not_found", {});
    },
    issueToken: (purpose, lifetimeMs) =>
      issueOneTimeToken(db, {
        purpose: purpose === "setup" ? "setup" : "password-reset",
        userId: purpose === "setup" ? null : purpose.resetPasswordOf,
        lifetimeMs,
      }),
    async findUserByEmail(email) {
      const [row] = await db
        .select({ id: users.id, workspaceId: users.workspaceId })
        .from(users)
        .where(eq(users.email, email.trim().toLowerCase()));
      return row ?? null;
    },
  };
}
