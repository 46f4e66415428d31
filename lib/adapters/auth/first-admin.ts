import { sql } from "drizzle-orm";
import { collectionGrants, collections, workspaces } from "../../../drizzle/schema/index.ts";
import { AppError } from "../../core/errors/app-error.ts";
import type { FirstAdmin } from "../../ports/accounts.ts";
import { type AuthSettings, createBetterAuth, type Database } from "./better-auth.ts";
import { consume } from "./one-time-tokens.ts";

/** A workspace outlives its people, so set-up stays closed whoever is deleted. */
export async function isSetupOpen(db: Database): Promise<boolean> {
  const rows = await db.select({ id: workspaces.id }).from(workspaces).limit(1);
  return rows.length === 0;
}

/**
 * Workspace, first admin, session and a collection that everyone may read, in one transaction.
 * @param passwordHash computed before: a hash inside the transaction would hold up the whole embedded database
 * @returns the response headers of the account library, with the session's cookie
 * @throws AppError `setup_closed`, `setup_token_invalid`
 */
export async function insertFirstAdmin(
  db: Database,
  settings: AuthSettings,
  admin: Omit<FirstAdmin, "password"> & {
    readonly passwordHash: string;
    readonly password: string;
  },
  headers: Headers,
): Promise<Headers> {
  return db.transaction(async (transaction) => {
    // Two holders of two valid tokens on a real Postgres would both find no workspace without this.
    await transaction.execute(sql`lock table ${workspaces} in share row exclusive mode`);
    if (!(await isSetupOpen(transaction))) throw new AppError("setup_closed", {});
    if ((await consume(transaction, "setup", admin.token)) === null)
      throw new AppError("setup_token_invalid", {});
    const [workspace] = await transaction
      .insert(workspaces)
      .values({ name: admin.workspaceName })
      .returning();
    if (workspace === undefined)
      throw new AppError("internal", { reason: "no workspace returned" });
    const ready = {
      hash: () => Promise.resolve(admin.passwordHash),
      verify: () => Promise.resolve(false),
    };
    const auth = createBetterAuth(transaction, settings, ready, "open");
    const signedUp = await auth.api.signUpEmail({
      body: {
        name: admin.name,
        email: admin.email,
        password: admin.password,
        role: "admin",
        workspaceId: workspace.id,
      },
      headers,
      returnHeaders: true,
    });
    const [collection] = await transaction
      .insert(collections)
      .values({
        workspaceId: workspace.id,
        name: "Documents",
        createdBy: signedUp.response.user.id,
      })
      .returning({ id: collections.id });
    if (collection === undefined)
      throw new AppError("internal", { reason: "no collection returned" });
    await transaction.insert(collectionGrants).values({
      collectionId: collection.id,
      subjectKind: "everyone",
      subjectId: "*",
      right: "read",
    });
    return signedUp.headers;
  });
}
