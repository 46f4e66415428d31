import { z } from "zod";
import { noContent } from "#lib/http/reply.ts";
import { requireSafeTransport } from "#lib/http/same-origin.ts";
import { passwordText, tokenText } from "#lib/http/shapes.ts";
import { handle } from "../handle.ts";

const reset = z.strictObject({ token: tokenText, password: passwordText });

export const POST = handle(
  { auth: "none", body: reset },
  async ({ container, body, caller, origin }) => {
    requireSafeTransport(origin);
    await container.accounts.resetPassword(body, caller);
    return noContent();
  },
);
