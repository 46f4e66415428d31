import { z } from "zod";
import { json } from "#lib/http/reply.ts";
import { handle } from "../handle.ts";

const query = z.strictObject({ days: z.coerce.number().int().min(1).max(90).default(7) });

export const GET = handle({ auth: "admin", query }, async ({ container, actor, query: { days } }) =>
  json(200, await container.answerCache.report(actor, days)),
);
