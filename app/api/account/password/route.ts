import { z } from "zod";
import { noContent, withCookies } from "#lib/http/reply.ts";
import { requireSafeTransport } from "#lib/http/same-origin.ts";
import { passwordText } from "#lib/http/shapes.ts";
import { handle } from "../../handle.ts";

const passwordChange = z.strictObject({ current: z.string().max(4_096), next: passwordText });

export const PUT = handle(
  { auth: "member", body: passwordChange },
  async ({ container, actor, body, caller, origin }) => {
    requireSafeTransport(origin);
    const session = await container.ownAccount.changePassword(actor, body, caller);
    return withCookies(noContent(), session.cookies);
  },
);
