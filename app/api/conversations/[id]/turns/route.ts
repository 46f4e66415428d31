import { z } from "zod";
import { json } from "#lib/http/reply.ts";
import { idParams, questionText } from "#lib/http/shapes.ts";
import { handle } from "../../../handle.ts";

export const POST = handle(
  { auth: "member", params: idParams, body: z.strictObject({ question: questionText }) },
  async ({ container, actor, params: { id }, body }) => {
    const { question } = body;
    const { answerId, turn } = await container.runningAnswers.start(actor, {
      conversationId: id,
      question,
    });
    return json(202, { answerId, turn });
  },
);
