import { createHmac, timingSafeEqual } from "node:crypto";
import { eq } from "drizzle-orm";
import { sessions, users } from "../../../drizzle/schema/index.ts";
import type { Actor } from "../../core/access/actor.ts";
import {
  absoluteMs,
  type AuthSettings,
  cookieName,
  type Database,
  idleSeconds,
  renewSeconds,
  settingsFor,
} from "./better-auth.ts";

/** A session that holds now and is not due to be renewed. */
export interface CurrentSession {
  readonly sessionId: string;
  readonly actor: Actor;
}

/** `null` = not sure: the account library has to look. Never says yes where the library would say no. */
export type ReadCurrentSession = (headers: Headers, now: number) => Promise<CurrentSession | null>;

/**
 * What the account library says of most requests, in one prepared statement and without its detours (a signature on a thread of its own,
 * a statement built anew: 2.5 ms of each request). Everything out of the ordinary is left to the library.
 */
export function createReadCurrentSession(
  database: Database,
  settings: AuthSettings,
): ReadCurrentSession {
  return async (headers, now) => {
    const { secret, origin } = settingsFor(settings, headers);
    const token = signedToken(headers.get("cookie") ?? "", cookieName(origin), secret);
    if (token === null) return null;
    const [session] = await database
      .select({
        ...{ id: sessions.id, createdAt: sessions.createdAt, expiresAt: sessions.expiresAt },
        ...{ userId: users.id, workspaceId: users.workspaceId, role: users.role },
        suspendedAt: users.suspendedAt,
      })
      .from(sessions)
      .innerJoin(users, eq(users.id, sessions.userId))
      .where(eq(sessions.token, token));
    if (session?.suspendedAt !== null) return null;
    const leftMs = session.expiresAt.getTime() - now;
    const ageMs = now - session.createdAt.getTime();
    if (leftMs <= (idleSeconds - renewSeconds) * 1000 || ageMs > absoluteMs) return null;
    const { userId, workspaceId, role } = session;
    return { sessionId: session.id, actor: { userId, workspaceId, role } };
  };
}

/** The session's token, when exactly one cookie of that name is there and its signature is ours. */
function signedToken(cookies: string, name: string, secret: string): string | null {
  const own = cookies
    .split(";")
    .map((one) => one.trim())
    .filter((one) => one.startsWith(`${name}=`));
  const [cookie] = own;
  if (cookie === undefined || own.length > 1) return null;
  const value = decoded(cookie.slice(name.length + 1));
  const dot = value.lastIndexOf(".");
  if (dot < 1) return null;
  const token = value.slice(0, dot);
  const given = Buffer.from(value.slice(dot + 1));
  const ours = Buffer.from(createHmac("sha256", secret).update(token).digest("base64"));
  return given.length === ours.length && timingSafeEqual(given, ours) ? token : null;
}

function decoded(text: string): string {
  try {
    return decodeURIComponent(text);
  } catch {
    return "";
  }
}
