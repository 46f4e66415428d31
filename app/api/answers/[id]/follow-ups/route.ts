import { json } from "#lib/http/reply.ts";
import { idParams } from "#lib/http/shapes.ts";
import { handle } from "../../../handle.ts";

export const GET = handle(
  { auth: "member", params: idParams },
  async ({ container, actor, params: { id }, signal }) => {
    const answer = await container.conversations.ownAnswer(actor, id);
    return json(200, { questions: await container.followUpQuestions(actor, answer, signal) });
  },
);
