import { z } from "zod";
import { json } from "#lib/http/reply.ts";
import { nameText } from "#lib/http/shapes.ts";
import { handle } from "../handle.ts";

export const PATCH = handle(
  { auth: "member", body: z.strictObject({ name: nameText(120) }) },
  async ({ container, actor, body }) => {
    await container.ownAccount.rename(actor, body.name);
    return json(200, await container.accounts.identity(actor));
  },
);
