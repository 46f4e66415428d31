import { z } from "zod";
import { json } from "#lib/http/reply.ts";
import { questionText } from "#lib/http/shapes.ts";
import { handle } from "../../handle.ts";
import { adminCall } from "../shapes.ts";

const query = z.strictObject({ question: questionText });

export const GET = handle(
  { auth: "admin", query },
  async ({ container, actor, query: { question }, signal }) => {
    const call = adminCall(container.clock, actor.userId, signal);
    const passages = await container.answerCache.passages(actor, question, call);
    return json(200, {
      passages: passages.map(({ chunkId, documentTitle, collectionName, page, text }) => ({
        ...{ chunkId, documentTitle, collectionName, page, text },
      })),
    });
  },
);
