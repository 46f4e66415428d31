import { eq } from "drizzle-orm";
import { collections, workspaces } from "../../../drizzle/schema/workspaces.ts";
import type { Actor } from "../../core/access/actor.ts";
import type { Database } from "./typed-database.ts";

/** A workspace that nobody else can see, for a trial; `remove` leaves nothing of it. */
export async function createTrialWorkspace(
  db: Database,
): Promise<{ readonly actor: Actor; readonly remove: () => Promise<void> }> {
  const [made] = await db
    .insert(workspaces)
    .values({ name: "Deployment check" })
    .returning({ id: workspaces.id });
  if (made === undefined) throw new Error("the database made no workspace");
  return {
    actor: { userId: "deployment-check", workspaceId: made.id, role: "admin" },
    async remove() {
      await db.delete(collections).where(eq(collections.workspaceId, made.id));
      await db.delete(workspaces).where(eq(workspaces.id, made.id));
    },
  };
}
