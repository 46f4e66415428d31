import { and, desc, eq, gte, isNull, like, lt, or, sql, type SQL } from "drizzle-orm";
import { auditLog, users } from "../../../drizzle/schema/index.ts";
import type { Actor } from "../../core/access/actor.ts";
import { AppError } from "../../core/errors/app-error.ts";
import type { AuditFilter, AuditLog, AuditReader } from "../../ports/audit-log.ts";
import type { Database } from "./typed-database.ts";

const nameNow = (actorId: string | null) =>
  actorId === null
    ? null
    : sql`(select ${users.name} || ' <' || ${users.email} || '>' from ${users} where ${users.id} = ${actorId})`;

const literally = (text: string): string => text.replaceAll(/[\\%_]/g, String.raw`\$&`);

function conditions(actor: Actor, filter: AuditFilter): SQL | undefined {
  if (actor.role !== "admin") throw new AppError("forbidden", {});
  const { action, actorId, text, from, to } = filter;
  const contains = (column: typeof auditLog.target | typeof auditLog.actorName) =>
    sql`${column} ilike ${`%${literally(text ?? "")}%`}`;
  return and(
    or(eq(auditLog.workspaceId, actor.workspaceId), isNull(auditLog.workspaceId)),
    action === undefined
      ? undefined
      : or(eq(auditLog.action, action), like(auditLog.action, `${literally(action)}.%`)),
    actorId === undefined ? undefined : eq(auditLog.actorId, actorId),
    text === undefined
      ? undefined
      : or(contains(auditLog.target), contains(auditLog.actorName), eq(auditLog.address, text)),
    from === undefined ? undefined : gte(auditLog.at, from),
    to === undefined ? undefined : lt(auditLog.at, to),
  );
}

/** Rows are only ever inserted; the database itself refuses anything else. */
export const createAuditLog = ({ db }: { readonly db: Database }): AuditLog & AuditReader => ({
  async record(entry) {
    await db.insert(auditLog).values({
      workspaceId: entry.workspaceId,
      actorId: entry.actorId,
      actorName: nameNow(entry.actorId),
      action: entry.action,
      target: entry.target ?? null,
      address: entry.address ?? null,
      detail: entry.detail === undefined ? null : { ...entry.detail },
    });
  },
  page: async (actor, filter, { before, limit }) =>
    db
      .select({
        id: auditLog.id,
        at: auditLog.at,
        actorId: auditLog.actorId,
        actorName: auditLog.actorName,
        action: auditLog.action,
        target: auditLog.target,
        address: auditLog.address,
        detail: auditLog.detail,
      })
      .from(auditLog)
      .where(
        and(conditions(actor, filter), before === undefined ? undefined : lt(auditLog.id, before)),
      )
      .orderBy(desc(auditLog.id))
      .limit(limit),
});
