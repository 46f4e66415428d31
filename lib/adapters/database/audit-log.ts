import { and, desc, eq, gte, isNull, like, lt, or, sql, type SQL } from "drizzle-orm";
import {
  auditLog,
  collections,
  collectionSources,
  documents,
  groups,
  invitations,
  users,
} from "../../../drizzle/schema/index.ts";
import type { Actor } from "../../core/access/actor.ts";
import { AppError } from "../../core/errors/app-error.ts";
import type { AuditFilter, AuditLog, AuditReader } from "../../ports/audit-log.ts";
import type { Database } from "./typed-database.ts";

const nameNow = (personId: string): SQL =>
  sql`(select ${users.name} || ' <' || ${users.email} || '>' from ${users} where ${users.id} = ${personId})`;

const isUuid = (text: string): boolean => /^[\da-f]{8}(-[\da-f]{4}){3}-[\da-f]{12}$/i.test(text);

/** What goes for good before its row is written: the log itself knows what it was called. */
const removedBefore = /^(?:person|group|invitation|source)\./;

/** What a target is called now; `null` for what has no name, and for what stands in somebody's chat. */
function targetNameNow(action: string, target: string | undefined): SQL | null {
  if (target === undefined || action === "session.refuse") return null;
  const names = isUuid(target)
    ? [
        sql`(select ${collections.name} from ${collections}
          where ${collections.id} = ${target} and ${collections.conversationId} is null)`,
        sql`(select ${documents.fileName} from ${documents}
          join ${collections} on ${collections.id} = ${documents.collectionId}
          where ${documents.id} = ${target} and ${collections.conversationId} is null)`,
        sql`(select ${groups.name} from ${groups} where ${groups.id} = ${target})`,
        sql`(select ${invitations.email} from ${invitations} where ${invitations.id} = ${target})`,
        sql`(select ${collectionSources.location} from ${collectionSources}
          where ${collectionSources.id} = ${target})`,
      ]
    : [];
  const before = sql`(select earlier.target_name from ${auditLog} as earlier
    where earlier.target = ${target} and earlier.target_name is not null
    order by earlier.id desc limit 1)`;
  return sql`coalesce(${sql.join(
    [nameNow(target), ...names, ...(removedBefore.test(action) ? [before] : [])],
    sql`, `,
  )})`;
}

const literally = (text: string): string => text.replaceAll(/[\\%_]/g, String.raw`\$&`);

function conditions(actor: Actor, filter: AuditFilter): SQL | undefined {
  if (actor.role !== "admin") throw new AppError("forbidden", {});
  const { action, actorId, text, from, to } = filter;
  const contains = (
    column: typeof auditLog.target | typeof auditLog.targetName | typeof auditLog.actorName,
  ) => sql`${column} ilike ${`%${literally(text ?? "")}%`}`;
  return and(
    or(eq(auditLog.workspaceId, actor.workspaceId), isNull(auditLog.workspaceId)),
    action === undefined
      ? undefined
      : or(eq(auditLog.action, action), like(auditLog.action, `${literally(action)}.%`)),
    actorId === undefined ? undefined : eq(auditLog.actorId, actorId),
    text === undefined
      ? undefined
      : or(
          contains(auditLog.target),
          contains(auditLog.targetName),
          contains(auditLog.actorName),
          eq(auditLog.address, text),
        ),
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
      actorName: entry.actorId === null ? null : nameNow(entry.actorId),
      action: entry.action,
      target: entry.target ?? null,
      targetName: targetNameNow(entry.action, entry.target),
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
        targetName: auditLog.targetName,
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
