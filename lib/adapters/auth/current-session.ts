import { createHmac, timingSafeEqual } from "node:crypto";
import { sql } from "drizzle-orm";
import type { Actor } from "../../core/access/actor.ts";
import { firstRow, type SqlRunner } from "../database/sql-database.ts";
import {
  absoluteMs,
  type AuthSettings,
  cookieName,
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

interface SessionRow {
  readonly [column: string]: unknown;
  readonly id: string;
  readonly created_at: string | Date;
  readonly expires_at: string | Date;
  readonly user_id: string;
  readonly workspace_id: string;
  readonly role: string;
  readonly suspended_at: string | Date | null;
}

/**
 * What the account library says of most requests, in one prepared statement and without its detours (a signature on a thread of its own,
 * a statement built anew: 2.5 ms of each request). Everything out of the ordinary is left to the library.
 */
export function createReadCurrentSession(
  database: SqlRunner,
  settings: AuthSettings,
): ReadCurrentSession {
  return async (headers, now) => {
    const { secret, origin } = settingsFor(settings, headers);
    const token = signedToken(headers.get("cookie") ?? "", cookieName(origin), secret);
    if (token === null) return null;
    const row = await firstRow<SessionRow>(
      database,
      sql`select s.id, s.created_at, s.expires_at, u.id as user_id, u.workspace_id, u.role, u.suspended_at
        from sessions s join users u on u.id = s.user_id where s.token = ${token}`,
    );
    if (row?.suspended_at !== null) return null;
    const leftMs = new Date(row.expires_at).getTime() - now;
    const ageMs = now - new Date(row.created_at).getTime();
    if (leftMs <= (idleSeconds - renewSeconds) * 1000 || ageMs > absoluteMs) return null;
    const role = row.role === "admin" ? "admin" : "member";
    return {
      sessionId: row.id,
      actor: { userId: row.user_id, workspaceId: row.workspace_id, role },
    };
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
