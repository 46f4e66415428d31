import { and, eq } from "drizzle-orm";
import { accounts, sessions, users } from "../../../drizzle/schema/index.ts";
import { AppError } from "../../core/errors/app-error.ts";
import type { AccountProvider } from "../../ports/accounts.ts";
import { type AuthSettings, createBetterAuth, type Database } from "./better-auth.ts";
import { consume, isUsable } from "./one-time-tokens.ts";
import type { PasswordHasher } from "./password-hasher.ts";

interface Deps {
  readonly db: Database;
  readonly settings: AuthSettings;
  readonly passwords: PasswordHasher;
}

const passwordRow = (userId: string) =>
  and(eq(accounts.userId, userId), eq(accounts.providerId, "credential"));

async function storedHash(db: Database, userId: string): Promise<string | null> {
  const [row] = await db
    .select({ password: accounts.password })
    .from(accounts)
    .where(passwordRow(userId));
  return row?.password ?? null;
}

/** Who signed in elsewhere so far has no password yet and gets one. */
async function storeHash({ db, settings, passwords }: Deps, userId: string, hash: string) {
  const { internalAdapter } = await createBetterAuth(db, settings, passwords).$context;
  if ((await storedHash(db, userId)) === null)
    await internalAdapter.linkAccount({
      userId,
      providerId: "credential",
      accountId: userId,
      password: hash,
    });
  else await internalAdapter.updatePassword(userId, hash);
}

/** By the link that an admin handed out. */
export function createPasswordReset(deps: Deps): AccountProvider["resetPassword"] {
  const { db, passwords } = deps;
  return async (token, password) => {
    if (!(await isUsable(db, "password-reset", token)))
      throw new AppError("reset_token_invalid", {});
    const hash = await passwords.hash(password);
    return db.transaction(async (transaction) => {
      const used = await consume(transaction, "password-reset", token);
      if (used?.userId == null) throw new AppError("reset_token_invalid", {});
      await storeHash({ ...deps, db: transaction }, used.userId, hash);
      await transaction.delete(sessions).where(eq(sessions.userId, used.userId));
      const [owner] = await transaction
        .select({ userId: users.id, workspaceId: users.workspaceId })
        .from(users)
        .where(eq(users.id, used.userId));
      if (owner === undefined) throw new AppError("reset_token_invalid", {});
      return owner;
    });
  };
}

export async function checkPassword(
  deps: Deps,
  userId: string,
  password: string,
): Promise<"right" | "wrong" | "none"> {
  const hash = await storedHash(deps.db, userId);
  if (hash === null) return "none";
  return (await deps.passwords.verify(password, hash)) ? "right" : "wrong";
}

/** By the person, who knows the old one. Ends every session of theirs; the caller begins a new one. */
export async function changePassword(deps: Deps, userId: string, password: string): Promise<void> {
  const hash = await deps.passwords.hash(password);
  await deps.db.transaction(async (transaction) => {
    await storeHash({ ...deps, db: transaction }, userId, hash);
    await transaction.delete(sessions).where(eq(sessions.userId, userId));
  });
}
