import { and, desc, eq, gt, inArray, isNull, sql } from "drizzle-orm";
import { sessions, users, workspaces } from "../../../drizzle/schema/index.ts";
import type { Actor } from "../../core/access/actor.ts";
import { AppError } from "../../core/errors/app-error.ts";
import type {
  AccountProvider,
  ActiveSession,
  Caller,
  SessionSummary,
} from "../../ports/accounts.ts";
import { type AuthFor, createAuthFor } from "./auth-for-request.ts";
import {
  absoluteMs,
  addressHeader,
  type AuthSettings,
  type Database,
  endedCookie,
  settingsFor,
} from "./better-auth.ts";
import { createReadCurrentSession, type ReadCurrentSession } from "./current-session.ts";
import { findFederatedPerson } from "./federated.ts";
import { insertFirstAdmin, isSetupOpen } from "./first-admin.ts";
import { insertMember, readInvitation } from "./join.ts";
import { issueOneTimeToken, isUsable } from "./one-time-tokens.ts";
import { changePassword, checkPassword, createPasswordReset } from "./password-change.ts";
import type { PasswordHasher } from "./password-hasher.ts";

interface Deps {
  readonly db: Database;
  /** Reads the session of every request. */
  readonly preparing: Database;
  readonly settings: AuthSettings;
  readonly passwords: PasswordHasher;
}

/** What the account library may see of a request that begins a session: nothing of one from before it. */
function headersFor(caller: Caller): Headers {
  const headers = new Headers({
    "user-agent": (caller.headers.get("user-agent") ?? "").slice(0, 300),
  });
  if (caller.address !== null) headers.set(addressHeader, caller.address);
  return headers;
}

const isApiError = (error: unknown): error is { readonly statusCode: number } =>
  error instanceof Error && "statusCode" in error && typeof error.statusCode === "number";

type Authenticate = AccountProvider["authenticate"];

/** The account library hides why it could not read a session: when the database is away, that is thrown in its place. */
async function withItsCause<T>(db: Database, read: () => Promise<T>): Promise<T> {
  try {
    return await read();
  } catch (error) {
    if (isApiError(error) && error.statusCode >= 500) await db.execute(sql`select 1`);
    throw error;
  }
}

function createSessionReader(
  authFor: AuthFor,
  db: Database,
  readCurrent: ReadCurrentSession,
): Authenticate {
  return async (headers, { renew } = { renew: false }) => {
    const cookie = headers.get("cookie");
    if (cookie === null) return null;
    const current = await readCurrent(headers, Date.now());
    if (current !== null) return { ...current, cookies: [] };
    const auth = authFor(headers);
    const found = await withItsCause(db, () =>
      auth.api.getSession({
        headers: new Headers({ cookie }),
        query: { disableRefresh: !renew },
        returnHeaders: true,
      }),
    );
    if (found.response === null) return null;
    const { session, user } = found.response;
    if (user.suspendedAt != null) return null;
    if (Date.now() - session.createdAt.getTime() > absoluteMs) {
      await (await auth.$context).internalAdapter.deleteSession(session.token);
      return null;
    }
    return {
      sessionId: session.id,
      actor: {
        userId: user.id,
        workspaceId: user.workspaceId,
        role: user.role === "admin" ? "admin" : "member",
      },
      cookies: found.headers.getSetCookie(),
    };
  };
}

async function standing(db: Database, sessionIds: readonly string[]) {
  const rows = await db
    .select({ id: sessions.id, role: users.role })
    .from(sessions)
    .innerJoin(users, eq(users.id, sessions.userId))
    .where(
      and(
        inArray(sessions.id, [...new Set(sessionIds)]),
        gt(sessions.expiresAt, new Date()),
        gt(sessions.createdAt, new Date(Date.now() - absoluteMs)),
        isNull(users.suspendedAt),
      ),
    );
  return new Map(rows.map(({ id, role }) => [id, role]));
}

/** The session that a response has just begun, read back by its own cookie as the caller will bring it. */
async function begun(
  read: Authenticate,
  response: Headers,
  { headers }: Caller,
): Promise<ActiveSession | null> {
  const cookies = response.getSetCookie();
  const cookie = cookies.map((line) => line.split(";", 1)[0]).join("; ");
  const session = await read(new Headers({ cookie, host: headers.get("host") ?? "" }));
  return session === null ? null : { ...session, cookies };
}

/** The session of somebody who has just been added, by what `add` answers. */
async function firstSession(
  read: Authenticate,
  caller: Caller,
  add: (headers: Headers) => Promise<Headers>,
): Promise<ActiveSession> {
  const session = await begun(read, await add(headersFor(caller)), caller);
  if (session === null) throw new AppError("internal", { reason: "the new session does not hold" });
  return session;
}

async function listSessions(
  db: Database,
  actor: Actor,
  currentSessionId: string,
): Promise<readonly SessionSummary[]> {
  const rows = await db
    .select({
      id: sessions.id,
      address: sessions.ipAddress,
      agent: sessions.userAgent,
      createdAt: sessions.createdAt,
      lastSeenAt: sessions.updatedAt,
    })
    .from(sessions)
    .where(and(eq(sessions.userId, actor.userId), gt(sessions.expiresAt, new Date())))
    .orderBy(desc(sessions.updatedAt));
  return rows.map((row) => ({
    ...row,
    address: row.address === "" ? null : row.address,
    agent: row.agent === "" ? null : row.agent,
    current: row.id === currentSessionId,
  }));
}

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

const endSessionOf = async (db: Database, authenticate: Authenticate, headers: Headers) => {
  const session = await authenticate(headers);
  if (session !== null) await db.delete(sessions).where(eq(sessions.id, session.sessionId));
};

function createSignIn(
  { db }: Deps,
  authFor: AuthFor,
  authenticate: Authenticate,
): AccountProvider["signIn"] {
  return async (credentials, caller) => {
    const headers = headersFor(caller);
    const response = await authFor(caller.headers)
      .api.signInEmail({ body: { ...credentials }, headers, returnHeaders: true })
      .catch((error: unknown) => {
        if (isApiError(error) && error.statusCode < 500)
          throw new AppError("sign_in_failed", {}, { cause: error });
        throw error;
      });
    const session = await begun(authenticate, response.headers, caller);
    if (session === null) {
      // Right password, suspended person: no session may stay behind.
      await db.delete(sessions).where(eq(sessions.token, response.response.token));
      throw new AppError("sign_in_failed", {});
    }
    await endSessionOf(db, authenticate, caller.headers);
    return session;
  };
}

function createFirstAdminMaker(
  { db, settings, passwords }: Deps,
  authenticate: Authenticate,
): AccountProvider["createFirstAdmin"] {
  return async (admin, caller) => {
    if (!(await isSetupOpen(db))) throw new AppError("setup_closed", {});
    if (!(await isUsable(db, "setup", admin.token))) throw new AppError("setup_token_invalid", {});
    const passwordHash = await passwords.hash(admin.password);
    return firstSession(authenticate, caller, (headers) =>
      insertFirstAdmin(
        db,
        settingsFor(settings, caller.headers),
        { ...admin, passwordHash },
        headers,
      ),
    );
  };
}

function createJoin(
  { db, settings, passwords }: Deps,
  authenticate: Authenticate,
): AccountProvider["join"] {
  return async (member, caller) => {
    await readInvitation(db, member.token);
    const passwordHash = await passwords.hash(member.password);
    return firstSession(authenticate, caller, (headers) =>
      insertMember(db, settingsFor(settings, caller.headers), { ...member, passwordHash }, headers),
    );
  };
}

/** Ends the session that the caller came with, so that no id from before a sign-in is of use after it. */
function createSessionStart(
  { db }: Deps,
  authFor: AuthFor,
  authenticate: Authenticate,
): AccountProvider["beginSession"] {
  return async (userId, caller) => {
    const headers = headersFor(caller);
    const response = await authFor(caller.headers).api.beginSession({
      body: { userId },
      headers,
      returnHeaders: true,
    });
    const session = await begun(authenticate, response.headers, caller);
    if (session === null) {
      await db.delete(sessions).where(eq(sessions.id, response.response.sessionId));
      throw new AppError("sign_in_failed", {});
    }
    await endSessionOf(db, authenticate, caller.headers);
    return session;
  };
}

/** People, passwords and sessions on better-auth; its tables live in the same database as everything else. */
export function createAccountProvider(deps: Deps): AccountProvider {
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
