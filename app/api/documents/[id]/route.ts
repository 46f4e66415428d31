import { json, noContent } from "#lib/http/reply.ts";
import { idParams } from "#lib/http/shapes.ts";
import { handle } from "../../handle.ts";

export const GET = handle(
  { auth: "member", params: idParams },
  async ({ container, actor, params: { id } }) =>
    json(200, { document: await container.documents.get(actor, id) }),
);

export const DELETE = handle(
  { auth: "member", params: idParams },
  async ({ container, actor, params: { id }, audit }) => {
    await container.documents.remove(actor, id);
    await audit({ action: "document.remove", target: id });
    return noContent();
  },
);
