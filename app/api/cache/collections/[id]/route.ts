import { json } from "#lib/http/reply.ts";
import { idParams } from "#lib/http/shapes.ts";
import { handle } from "../../../handle.ts";

export const DELETE = handle(
  { auth: "admin", params: idParams },
  async ({ container, actor, params: { id }, audit }) => {
    const removed = await container.answerCache.clear(actor, id);
    await audit({ action: "cache.clear", target: id, detail: { removed } });
    return json(200, { removed });
  },
);
