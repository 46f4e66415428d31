import { json, noContent } from "#lib/http/reply.ts";
import { idParams } from "#lib/http/shapes.ts";
import { handle } from "../../handle.ts";

export const GET = handle(
  { auth: "member", params: idParams },
  async ({ container, actor, params: { id } }) =>
    json(200, { shared: await container.shares.read(actor, id) }),
);

export const DELETE = handle(
  { auth: "member", params: idParams },
  async ({ container, actor, params: { id }, audit }) => {
    await container.shares.revoke(actor, id);
    await audit({ action: "conversation.unshare", target: id });
    return noContent();
  },
);
