import { noContent } from "#lib/http/reply.ts";
import { personParams, sessionId } from "#lib/http/shapes.ts";
import { handle } from "../../../../handle.ts";

export const DELETE = handle(
  { auth: "admin", params: personParams.extend({ sessionId }) },
  async ({ container, actor, params: { id, sessionId: session }, audit }) => {
    await container.people.endSession(actor, id, session);
    await audit({ action: "session.end", target: id });
    return noContent();
  },
);
