import { json } from "#lib/http/reply.ts";
import { handle } from "../handle.ts";

const mostShown = 200;

export const GET = handle({ auth: "admin" }, async ({ container, actor }) =>
  json(200, await container.flaggedPassages.list(actor, mostShown)),
);
