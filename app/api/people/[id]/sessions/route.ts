import { noContent } from "#lib/http/reply.ts";
import { personParams } from "#lib/http/shapes.ts";
import { handle } from "../../../handle.ts";

export const DELETE = handle(
  { auth: "admin", params: personParams },
  async ({ container, actor, params: { id }, audit }) => {
    await container.people.endSessions(actor, id);
    await audit({ action: "session.end-all", target: id });
    return noContent();
  },
);
