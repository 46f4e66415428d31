import { and, desc, eq, gt, inArray, isNull, sql } from "drizzle-orm";
import { sessions, users } from "../../../drizzle/schema/index.ts";
import type { Actor } from "../../core/access/actor.ts";
import type { AccountProvider, SessionSummary } from "../../ports/accounts.ts";
import type { AuthFor } from "./auth-for-request.ts";
import { absoluteMs, type Database } from "./better-auth.ts";
import type { ReadCurrentSession } from "./current-session.ts";

export const isApiError = (error: unknown): error is { readonly statusCode: number } =>
  error instanceof Error && "statusCode" in error && typeof error.statusCode === "number";

export type Authenticate = AccountProvider["authenticate"];

/** The account library hides why it could not read a session: when the database is away, that is thrown in its place. */
async function withItsCause<T>(db: Database, read: () => Promise<T>): Promise<T> {
  try {
    return await read();
  } catch (error) {
    if (isApiError(error) && error.statusCode >= 500) await db.execute(sql`select 1`);
    throw error;
  }
}

export function createSessionReader(
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

export async function standing(db: Database, sessionIds: readonly string[]) {
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

export async function listSessions(
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

export const endSessionOf = async (db: Database, authenticate: Authenticate, headers: Headers) => {
  const session = await authenticate(headers);
  if (session !== null) await db.delete(sessions).where(eq(sessions.id, session.sessionId));
};
