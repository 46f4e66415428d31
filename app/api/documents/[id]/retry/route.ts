import { json } from "#lib/http/reply.ts";
import { idParams } from "#lib/http/shapes.ts";
import { handle } from "../../../handle.ts";

export const POST = handle(
  { auth: "member", params: idParams },
  async ({ container, actor, params: { id }, audit }) => {
    const document = await container.documents.requeue(actor, id);
    await audit({ action: "document.retry", target: id });
    return json(202, { document });
  },
);
