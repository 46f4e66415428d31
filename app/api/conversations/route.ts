import { z } from "zod";
import { conversationTitle } from "#lib/core/chat/conversation-title.ts";
import { json } from "#lib/http/reply.ts";
import { collectionIds, questionText } from "#lib/http/shapes.ts";
import { startedAnswer } from "../answer-events.ts";
import { handle } from "../handle.ts";

export const GET = handle({ auth: "member" }, async ({ container, actor }) =>
  json(200, {
    conversations: await container.conversations.list(actor),
    keptDays: container.settings.current().chat.keepDays,
  }),
);

const body = z.strictObject({ question: questionText, collectionIds });

export const POST = handle({ auth: "member", body }, (input) =>
  startedAnswer(input, 201, () => {
    const { container, actor, body } = input;
    const { question, collectionIds } = body;
    const title = conversationTitle(question);
    return container.runningAnswers.startNew(actor, { title, collectionIds, question });
  }),
);
