import { json } from "#lib/http/reply.ts";
import { handle } from "../handle.ts";

export const GET = handle({ auth: "member" }, async ({ container }) =>
  json(200, await container.clusterStatus()),
);
