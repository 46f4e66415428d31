import { z } from "zod";
import { json } from "#lib/http/reply.ts";
import { tokenText } from "#lib/http/shapes.ts";
import { handle } from "../../handle.ts";

/** A POST, so that the token stands in no address and no log. */
export const POST = handle(
  { auth: "none", body: z.strictObject({ token: tokenText }) },
  async ({ container, body }) => json(200, await container.accounts.invitation(body.token)),
);
