import { auditQuery, filterOf } from "#lib/http/audit-query.ts";
import { json } from "#lib/http/reply.ts";
import { handle } from "../handle.ts";

const pageSize = 100;

export const GET = handle(
  { auth: "admin", query: auditQuery },
  async ({ container, actor, query }) => {
    const rows = await container.audit.page(actor, filterOf(query), {
      ...(query.before === undefined ? {} : { before: query.before }),
      limit: pageSize,
    });
    return json(200, { rows, next: rows.length < pageSize ? null : (rows.at(-1)?.id ?? null) });
  },
);
