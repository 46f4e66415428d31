import { z } from "zod";
import { noContent } from "#lib/http/reply.ts";
import { sessionId } from "#lib/http/shapes.ts";
import { handle } from "../../handle.ts";

const params = z.strictObject({ id: sessionId });

export const DELETE = handle(
  { auth: "member", params },
  async ({ container, actor, params: { id }, audit }) => {
    await container.accounts.endSession(actor, id);
    await audit({ action: "session.revoke", target: id });
    return noContent();
  },
);
