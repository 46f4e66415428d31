import { z } from "zod";
import { noContent } from "#lib/http/reply.ts";
import { idParams } from "#lib/http/shapes.ts";
import { answerEvents } from "../../../answer-events.ts";
import { handle } from "../../../handle.ts";

const sequenceNumber = z.coerce.number().int().min(0).max(Number.MAX_SAFE_INTEGER);
const query = z.strictObject({ after: sequenceNumber.optional() });

export const GET = handle({ auth: "member", params: idParams, query }, async (input) => {
  const { container, actor, request, params, query } = input;
  const resumed = sequenceNumber.safeParse(request.headers.get("last-event-id") ?? undefined);
  const afterSeq = resumed.success ? resumed.data : (query.after ?? 0);
  const stream = await answerEvents(input, "member", async (signal) => ({
    events: await container.runningAnswers.events(actor, params.id, afterSeq, signal),
  }));
  return stream ?? noContent();
});
