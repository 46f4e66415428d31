import { json } from "#lib/http/reply.ts";
import { idParams } from "#lib/http/shapes.ts";
import { handle } from "../../../handle.ts";

export const GET = handle(
  { auth: "member", params: idParams },
  async ({ container, actor, params: { id } }) =>
    json(200, { shares: await container.shares.list(actor, id) }),
);

export const POST = handle(
  { auth: "member", params: idParams },
  async ({ container, actor, params: { id }, audit }) => {
    const share = await container.shares.create(actor, id);
    await audit({ action: "conversation.share", target: id });
    return json(201, { share });
  },
);
