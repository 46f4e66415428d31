import { eq } from "drizzle-orm";
import { sessions } from "../../../drizzle/schema/index.ts";
import { AppError } from "../../core/errors/app-error.ts";
import type { AccountProvider, ActiveSession, Caller } from "../../ports/accounts.ts";
import type { AuthFor } from "./auth-for-request.ts";
import { addressHeader, type AuthSettings, type Database, settingsFor } from "./better-auth.ts";
import { insertFirstAdmin, isSetupOpen } from "./first-admin.ts";
import { insertMember, readInvitation } from "./join.ts";
import { type Authenticate, endSessionOf, isApiError } from "./known-sessions.ts";
import { isUsable } from "./one-time-tokens.ts";
import type { PasswordHasher } from "./password-hasher.ts";

export interface AccountDeps {
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

export function createSignIn(
  { db }: AccountDeps,
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

export function createFirstAdminMaker(
  { db, settings, passwords }: AccountDeps,
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

export function createJoin(
  { db, settings, passwords }: AccountDeps,
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
export function createSessionStart(
  { db }: AccountDeps,
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
