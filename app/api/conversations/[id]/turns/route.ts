import { z } from "zod";
import { idParams, questionText } from "#lib/http/shapes.ts";
import { startedAnswer } from "../../../answer-events.ts";
import { handle } from "../../../handle.ts";

const body = z.strictObject({ question: questionText, asksAgain: z.boolean().optional() });

export const POST = handle({ auth: "member", params: idParams, body }, (input) =>
  startedAnswer(input, 202, () => {
    const { container, actor, params, body } = input;
    const { question, asksAgain = false } = body;
    const conversationId = params.id;
    return container.runningAnswers.start(actor, { conversationId, question, asksAgain });
  }),
);
