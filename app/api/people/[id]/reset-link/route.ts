import { json } from "#lib/http/reply.ts";
import { personParams } from "#lib/http/shapes.ts";
import { handle } from "../../../handle.ts";

export const POST = handle(
  { auth: "admin", params: personParams },
  async ({ container, actor, params: { id }, caller }) =>
    json(201, { link: await container.accounts.resetLinkFor(actor, id, caller) }),
);
