import { z } from "zod";
import { json } from "#lib/http/reply.ts";
import { freeText, questionText } from "#lib/http/shapes.ts";
import { handle } from "../../handle.ts";
import { adminCall } from "../shapes.ts";

/** With an answer it is curated and names the passages that it stands on. */
const listed = z.strictObject({
  question: questionText,
  curated: z
    .strictObject({ answer: freeText(8000).min(1), chunkIds: z.array(z.uuid()).min(1).max(8) })
    .nullable(),
});

export const POST = handle(
  { auth: "admin", body: listed },
  async ({ container, actor, body: { question, curated }, signal, audit }) => {
    const call = adminCall(container.clock, actor.userId, signal);
    const { id } = await container.answerCache.list(actor, { question, curated }, call);
    await audit({ action: curated === null ? "cache.list" : "cache.curate", target: id });
    return json(201, { id });
  },
);
