import { eq, sql } from "drizzle-orm";
import { clusterNodes } from "../../../drizzle/schema/index.ts";
import type { NodeDecisions } from "../../ports/node-decisions.ts";
import type { Database } from "./typed-database.ts";

export const createNodeDecisions = (deps: { readonly db: Database }): NodeDecisions => ({
  all: () =>
    deps.db
      .select({
        id: clusterNodes.id,
        baseUrl: clusterNodes.baseUrl,
        slots: clusterNodes.slots,
        weight: clusterNodes.weight,
        isDraining: clusterNodes.isDraining,
        isRemoved: clusterNodes.isRemoved,
      })
      .from(clusterNodes)
      .orderBy(clusterNodes.id),
  async change(nodeId, fields, userId) {
    const changed = { ...fields, changedAt: sql`now()`, changedBy: userId };
    await deps.db
      .insert(clusterNodes)
      .values({ id: nodeId, ...fields, changedBy: userId })
      .onConflictDoUpdate({ target: clusterNodes.id, set: changed });
  },
  async forget(nodeId) {
    await deps.db.delete(clusterNodes).where(eq(clusterNodes.id, nodeId));
  },
});
