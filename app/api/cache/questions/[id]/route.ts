import { noContent } from "#lib/http/reply.ts";
import { idParams } from "#lib/http/shapes.ts";
import { handle } from "../../../handle.ts";

export const DELETE = handle(
  { auth: "admin", params: idParams },
  async ({ container, actor, params: { id }, audit }) => {
    await container.answerCache.unlist(actor, id);
    await audit({ action: "cache.unlist", target: id });
    return noContent();
  },
);
