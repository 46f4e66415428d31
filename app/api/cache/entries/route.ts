import { z } from "zod";
import { json } from "#lib/http/reply.ts";
import { handle } from "../../handle.ts";

const pageSize = 50;
const query = z.strictObject({
  text: z.string().max(200).default(""),
  offset: z.coerce.number().int().min(0).max(1_000_000).default(0),
});

export const GET = handle(
  { auth: "admin", query },
  async ({ container, actor, query: { text, offset } }) => {
    const page = { offset, limit: pageSize };
    const entries = await container.answerCache.entries(actor, text, page);
    return json(200, { entries, next: entries.length < pageSize ? null : offset + pageSize });
  },
);
