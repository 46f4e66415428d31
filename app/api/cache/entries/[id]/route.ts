import { json, noContent } from "#lib/http/reply.ts";
import { idParams } from "#lib/http/shapes.ts";
import { handle } from "../../../handle.ts";

export const GET = handle(
  { auth: "admin", params: idParams },
  async ({ container, actor, params: { id } }) =>
    json(200, { entry: await container.answerCache.entry(actor, id) }),
);

export const DELETE = handle(
  { auth: "admin", params: idParams },
  async ({ container, actor, params: { id }, audit }) => {
    await container.answerCache.remove(actor, id);
    await audit({ action: "cache.remove", target: id });
    return noContent();
  },
);
