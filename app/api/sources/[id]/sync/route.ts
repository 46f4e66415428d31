import { json } from "#lib/http/reply.ts";
import { idParams } from "#lib/http/shapes.ts";
import { handle } from "../../../handle.ts";

/** The run begins within half a minute. */
export const POST = handle(
  { auth: "admin", params: idParams },
  async ({ container, actor, params: { id }, audit }) => {
    await container.sources.request(actor, id);
    await audit({ action: "source.request", target: id });
    return json(202, {});
  },
);
