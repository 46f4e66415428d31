import { json } from "#lib/http/reply.ts";
import { handle } from "../handle.ts";

export const GET = handle({ auth: "admin" }, async ({ container, actor }) =>
  json(200, { people: await container.people.list(actor) }),
);
