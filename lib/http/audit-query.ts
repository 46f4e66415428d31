import { z } from "zod";
import type { AuditFilter } from "../ports/audit-log.ts";
import { freeText } from "./shapes.ts";

const day = z.iso.date().transform((text) => new Date(`${text}T00:00:00Z`));
const dayMs = 86_400_000;

/** What the audit log is filtered by; days are UTC, both included. */
export const auditFilter = z.strictObject({
  action: z
    .string()
    .regex(/^[a-z-]{1,40}(\.[a-z-]{1,40})?$/)
    .exactOptional(),
  actorId: z.string().max(100).exactOptional(),
  text: freeText(200).exactOptional(),
  from: day.exactOptional(),
  to: day.exactOptional(),
});

export const auditQuery = auditFilter.extend({
  /** Rows older than this one. */
  before: z.coerce.number().int().min(1).max(Number.MAX_SAFE_INTEGER).exactOptional(),
});

export const filterOf = (query: z.output<typeof auditFilter>): AuditFilter => ({
  ...(query.action === undefined ? {} : { action: query.action }),
  ...(query.actorId === undefined ? {} : { actorId: query.actorId }),
  ...(query.text === undefined || query.text === "" ? {} : { text: query.text }),
  ...(query.from === undefined ? {} : { from: query.from }),
  ...(query.to === undefined ? {} : { to: new Date(query.to.getTime() + dayMs) }),
});
