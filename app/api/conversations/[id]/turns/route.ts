import { z } from "zod";
import { idParams, questionText } from "#lib/http/shapes.ts";
import { startedAnswer } from "../../../answer-events.ts";
import { handle } from "../../../handle.ts";

/** `replaces`: asks at the place of this answer, as a branch beside it. `asksAgain`: past the answer cache. */
const body = z.strictObject({
  question: questionText,
  replaces: z.uuid().exactOptional(),
  asksAgain: z.boolean().exactOptional(),
});

export const POST = handle({ auth: "member", params: idParams, body }, (input) =>
  startedAnswer(input, 202, () => {
    const { container, actor, params, body } = input;
    return container.runningAnswers.start(actor, { conversationId: params.id, ...body });
  }),
);
