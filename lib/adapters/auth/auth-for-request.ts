import { eq } from "drizzle-orm";
import { accounts } from "../../../drizzle/schema/index.ts";
import {
  type AuthSettings,
  type BetterAuth,
  cookieName,
  createBetterAuth,
  type Database,
  settingsFor,
} from "./better-auth.ts";
import type { PasswordHasher } from "./password-hasher.ts";

/** The account library for a request, by the cookie that its connection can carry. */
export type AuthFor = (headers: Headers) => BetterAuth;

export function createAuthFor({
  db,
  settings,
  passwords,
}: {
  readonly db: Database;
  readonly settings: AuthSettings;
  readonly passwords: Pick<PasswordHasher, "hash" | "verify">;
}): AuthFor {
  const made = new Map<string, BetterAuth>();
  return (headers) => {
    const own = settingsFor(settings, headers);
    const name = cookieName(own.origin);
    const known = made.get(name);
    if (known !== undefined) return known;
    const auth = createBetterAuth(db, own, {
      verify: passwords.verify,
      // Called for an unknown person only, whose missing password row must cost as much as one that is found.
      async hash(plain) {
        await db.select().from(accounts).where(eq(accounts.userId, "nobody"));
        return passwords.hash(plain);
      },
    });
    made.set(name, auth);
    return auth;
  };
}
