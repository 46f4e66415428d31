import { createHash, randomBytes } from "node:crypto";
import { and, eq, gt, isNull } from "drizzle-orm";
import { oneTimeTokens } from "../../../drizzle/schema/index.ts";
import type { Database } from "./better-auth.ts";

type Purpose = "setup" | "password-reset";

/** Tokens are stored by this only. */
export const hashOf = (token: string): string => createHash("sha256").update(token).digest("hex");

/** Makes a token of 256 random bits and forgets earlier ones of the same purpose and person. Only the hash is stored. */
export async function issueOneTimeToken(
  db: Database,
  token: { readonly purpose: Purpose; readonly userId: string | null; readonly lifetimeMs: number },
): Promise<string> {
  const text = randomBytes(32).toString("base64url");
  const same = and(
    eq(oneTimeTokens.purpose, token.purpose),
    token.userId === null ? isNull(oneTimeTokens.userId) : eq(oneTimeTokens.userId, token.userId),
  );
  await db.transaction(async (transaction) => {
    await transaction.delete(oneTimeTokens).where(same);
    await transaction.insert(oneTimeTokens).values({
      tokenHash: hashOf(text),
      purpose: token.purpose,
      userId: token.userId,
      expiresAt: new Date(Date.now() + token.lifetimeMs),
    });
  });
  return text;
}

const usable = (purpose: Purpose, token: string) =>
  and(
    eq(oneTimeTokens.tokenHash, hashOf(token)),
    eq(oneTimeTokens.purpose, purpose),
    isNull(oneTimeTokens.usedAt),
    gt(oneTimeTokens.expiresAt, new Date()),
  );

/** Whether the token would be taken now. Looked up by hash, so time tells nothing about the text. */
export async function isUsable(db: Database, purpose: Purpose, token: string): Promise<boolean> {
  const rows = await db
    .select({ purpose: oneTimeTokens.purpose })
    .from(oneTimeTokens)
    .where(usable(purpose, token));
  return rows.length === 1;
}

/** Uses the token up; of many at the same time one gets it. `null` when it is not usable. */
export async function consume(
  db: Database,
  purpose: Purpose,
  token: string,
): Promise<{ readonly userId: string | null } | null> {
  const rows = await db
    .update(oneTimeTokens)
    .set({ usedAt: new Date() })
    .where(usable(purpose, token))
    .returning({ userId: oneTimeTokens.userId });
  return rows[0] ?? null;
}
