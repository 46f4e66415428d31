import { json } from "#lib/http/reply.ts";
import { handle } from "../handle.ts";

export const GET = handle({ auth: "admin" }, ({ container }) =>
  json(200, { cluster: container.cluster.now() }),
);
