import { z } from "zod";
import { json } from "#lib/http/reply.ts";
import { handle } from "../../handle.ts";

const query = z.strictObject({ state: z.enum(["open", "done"]).default("open") });

export const GET = handle(
  { auth: "admin", query },
  async ({ container, actor, query: { state } }) =>
    json(200, await container.quality.work(actor, state)),
);
