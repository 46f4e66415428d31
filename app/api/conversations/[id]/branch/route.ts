import { z } from "zod";
import { noContent } from "#lib/http/reply.ts";
import { idParams } from "#lib/http/shapes.ts";
import { handle } from "../../../handle.ts";

export const PUT = handle(
  { auth: "member", params: idParams, body: z.strictObject({ answerId: z.uuid() }) },
  async ({ container, actor, params: { id }, body: { answerId } }) => {
    await container.conversations.showBranch(actor, id, answerId);
    return noContent();
  },
);
