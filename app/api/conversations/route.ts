import { z } from "zod";
import { conversationTitle } from "#lib/core/chat/conversation-title.ts";
import { json } from "#lib/http/reply.ts";
import { collectionIds, questionText } from "#lib/http/shapes.ts";
import { startedAnswer } from "../answer-events.ts";
import { handle } from "../handle.ts";

export const GET = handle({ auth: "member" }, async ({ container, actor }) =>
  json(200, { conversations: await container.conversations.list(actor) }),
);

const body = z.strictObject({ question: questionText, collectionIds });

export const POST = handle({ auth: "member", body }, (input) =>
  startedAnswer(input, 201, async () => {
    const { container, actor, body } = input;
    const { question, collectionIds } = body;
    const title = conversationTitle(question);
    const conversation = await container.conversations.create(actor, { title, collectionIds });
    const conversationId = conversation.id;
    try {
      const answer = await container.runningAnswers.start(actor, { conversationId, question });
      return { ...answer, conversation };
    } catch (error) {
      // A question that was refused leaves no empty conversation behind.
      await container.conversations.remove(actor, conversationId);
      throw error;
    }
  }),
);
