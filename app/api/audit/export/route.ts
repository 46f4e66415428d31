import { z } from "zod";
import type { Actor } from "#lib/core/access/actor.ts";
import { auditFile } from "#lib/http/audit-export.ts";
import { auditFilter, filterOf } from "#lib/http/audit-query.ts";
import { textAttachment } from "#lib/http/reply.ts";
import type { AuditFilter, AuditReader, AuditRow } from "#lib/ports/audit-log.ts";
import { handle } from "../../handle.ts";

const pageSize = 1_000;

async function* everyRow(
  log: AuditReader,
  actor: Actor,
  filter: AuditFilter,
  signal: AbortSignal,
): AsyncGenerator<AuditRow, void> {
  let before: number | undefined;
  for (;;) {
    signal.throwIfAborted();
    const page = { limit: pageSize, ...(before === undefined ? {} : { before }) };
    const rows = await log.page(actor, filter, page);
    yield* rows;
    before = rows.at(-1)?.id;
    if (rows.length < pageSize) return;
  }
}

export const GET = handle(
  { auth: "admin", query: auditFilter.extend({ format: z.enum(["csv", "json"]) }) },
  async ({ container, actor, query, audit, request }) => {
    await audit({ action: "audit.export", detail: { format: query.format } });
    const rows = everyRow(container.audit, actor, filterOf(query), request.signal);
    return textAttachment({
      pieces: auditFile(rows, query.format),
      fileName: `drover-audit.${query.format}`,
    });
  },
);
