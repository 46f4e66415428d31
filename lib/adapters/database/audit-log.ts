import { auditLog } from "../../../drizzle/schema/index.ts";
import type { AuditLog } from "../../ports/audit-log.ts";
import type { Database } from "./typed-database.ts";

/** Rows are only ever inserted. */
export const createAuditLog = (deps: { readonly db: Database }): AuditLog => ({
  async record(entry) {
    await deps.db.insert(auditLog).values({
      workspaceId: entry.workspaceId,
      actorId: entry.actorId,
      action: entry.action,
      target: entry.target ?? null,
      address: entry.address ?? null,
      detail: entry.detail === undefined ? null : { ...entry.detail },
    });
  },
});
