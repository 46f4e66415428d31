import { noContent } from "#lib/http/reply.ts";
import { idParams } from "#lib/http/shapes.ts";
import { handle } from "../../../handle.ts";

export const POST = handle(
  { auth: "member", params: idParams },
  async ({ container, actor, params: { id } }) => {
    await container.runningAnswers.stop(actor, id);
    return noContent(202);
  },
);
