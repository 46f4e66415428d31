import { z } from "zod";
import { noContent } from "#lib/http/reply.ts";
import { handle } from "../../handle.ts";

/** Sessions carry the account library's ids: letters and digits. */
const params = z.strictObject({ id: z.string().regex(/^[A-Za-z0-9]{1,64}$/) });

export const DELETE = handle(
  { auth: "member", params },
  async ({ container, actor, params: { id }, audit }) => {
    await container.accounts.endSession(actor, id);
    await audit({ action: "session.revoke", target: id });
    return noContent();
  },
);
