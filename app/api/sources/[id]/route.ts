import { noContent } from "#lib/http/reply.ts";
import { idParams } from "#lib/http/shapes.ts";
import { handle } from "../../handle.ts";

/** Its documents stay. */
export const DELETE = handle(
  { auth: "admin", params: idParams },
  async ({ container, actor, params: { id }, audit }) => {
    await container.sources.remove(actor, id);
    await audit({ action: "source.remove", target: id });
    return noContent();
  },
);
