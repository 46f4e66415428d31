import { z } from "zod";
import { noContent } from "#lib/http/reply.ts";
import { handle } from "../../handle.ts";

/** A POST: the password travels in the body. */
export const POST = handle(
  { auth: "member", body: z.strictObject({ password: z.string().max(4_096) }) },
  async ({ container, actor, body, caller }) => {
    await container.ownAccount.remove(actor, body.password, caller);
    return noContent();
  },
);
