import { json } from "#lib/http/reply.ts";
import { idParams } from "#lib/http/shapes.ts";
import { handle } from "../../../handle.ts";

export const GET = handle(
  { auth: "admin", params: idParams },
  async ({ container, actor, params: { id }, audit }) => {
    const trace = await container.quality.trace(actor, id);
    // Who looks into what somebody else asked is written down; the words are not.
    if (!trace.isOwn) await audit({ action: "answer.trace", target: id });
    return json(200, trace);
  },
);
