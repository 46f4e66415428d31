import { drizzleAdapter } from "better-auth/adapters/drizzle";
import { betterAuth } from "better-auth/minimal";
import type { NodePgQueryResultHKT } from "drizzle-orm/node-postgres";
import type { PgDatabase } from "drizzle-orm/pg-core";
import { originByHost } from "../../core/access/own-address.ts";
import * as schema from "../../../drizzle/schema/index.ts";
import type { PasswordHasher } from "./password-hasher.ts";
import { sessionPlugin } from "./session-plugin.ts";

export type Database = PgDatabase<NodePgQueryResultHKT, typeof schema>;

const hour = 3_600;
export const idleSeconds = 12 * hour;
/** A session in use is made longer this often at most. */
export const renewSeconds = 300;
export const absoluteMs = 30 * 24 * hour * 1_000;

/** Carries the address that Drover itself found trustworthy; a client's header of this name never reaches the library. */
export const addressHeader = "x-drover-address";

export interface AuthSettings {
  /** Signs the cookies; at least 32 random bytes as text. */
  readonly secret: string;
  /** Where browsers reach Drover, e.g. `http://127.0.0.1:3000`. */
  readonly origin: string;
}

/** As the request was sent: a browser on this machine that came over plain HTTP would not bring a cookie for encrypted ones again. */
export const settingsFor = (settings: AuthSettings, headers: Headers): AuthSettings => ({
  ...settings,
  origin: originByHost(headers.get("host"), settings.origin) ?? settings.origin,
});

/** Over plain HTTP nobody is signed in except on this machine (lib/http/same-origin.ts), where no network can listen. */
export const cookieIsSecure = (origin: string): boolean => new URL(origin).protocol === "https:";

export const cookieName = (origin: string): string =>
  cookieIsSecure(origin) ? "__Host-drover-session" : "drover-session";

/** Takes the session's cookie away. */
export const endedCookie = (origin: string): string =>
  `${cookieName(origin)}=; Max-Age=0; Path=/; HttpOnly; SameSite=Lax${cookieIsSecure(origin) ? "; Secure" : ""}`;

/** The account library over `db`, a connection pool or one open transaction. Only its server calls are used: no route of its own is mounted. */
export function createBetterAuth(
  db: Database,
  settings: AuthSettings,
  password: Pick<PasswordHasher, "hash" | "verify">,
  signUp: "open" | "closed" = "closed",
) {
  const { users, sessions, accounts, verifications } = schema;
  return betterAuth({
    appName: "Drover",
    baseURL: settings.origin,
    secret: settings.secret,
    plugins: [sessionPlugin],
    ...{ telemetry: { enabled: false }, logger: { disabled: true } },
    rateLimit: { enabled: false },
    database: drizzleAdapter(db, {
      provider: "pg",
      schema: { user: users, session: sessions, account: accounts, verification: verifications },
      transaction: false,
    }),
    user: {
      additionalFields: {
        role: { type: "string", required: false, input: signUp === "open" },
        workspaceId: { type: "string", required: true, input: signUp === "open" },
        suspendedAt: { type: "date", required: false, input: false },
      },
    },
    session: {
      expiresIn: idleSeconds,
      updateAge: renewSeconds,
      cookieCache: { enabled: false },
    },
    emailAndPassword: {
      enabled: true,
      disableSignUp: signUp === "closed",
      minPasswordLength: 12,
      maxPasswordLength: 1_024,
      password: {
        hash: (plain) => password.hash(plain),
        verify: ({ hash, password: plain }) => password.verify(plain, hash),
      },
    },
    advanced: {
      database: { joins: true }, // a session and its person in one statement
      useSecureCookies: false,
      disableOriginCheck: true,
      ipAddress: { ipAddressHeaders: [addressHeader] },
      cookies: {
        session_token: {
          name: cookieName(settings.origin),
          attributes: {
            secure: cookieIsSecure(settings.origin),
            sameSite: "lax",
            httpOnly: true,
            path: "/",
          },
        },
      },
    },
  });
}

export type BetterAuth = ReturnType<typeof createBetterAuth>;
