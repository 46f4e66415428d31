import { z } from "zod";
import { createStreamPlaces } from "#lib/http/stream-places.ts";
import { eventStream } from "#lib/http/event-stream.ts";
import { noContent } from "#lib/http/reply.ts";
import { idParams } from "#lib/http/shapes.ts";
import { whileSessionHolds } from "#lib/http/watched-session.ts";
import { handle } from "../../../handle.ts";

const sequenceNumber = z.coerce.number().int().min(0).max(Number.MAX_SAFE_INTEGER);
const query = z.strictObject({ after: sequenceNumber.optional() });

const places = createStreamPlaces(8);

export const GET = handle(
  { auth: "member", params: idParams, query },
  async ({ container, actor, request, params: { id }, query: { after } }) => {
    const resumed = sequenceNumber.safeParse(request.headers.get("last-event-id") ?? undefined);
    const afterSeq = resumed.success ? resumed.data : (after ?? 0);
    const leave = places.take(actor.userId);
    const watch = whileSessionHolds(container.accounts, request);
    const onEnd = () => {
      leave();
      watch.stop();
    };
    try {
      const events = await container.runningAnswers.events(actor, id, afterSeq, watch.signal);
      if (events !== null) return eventStream(events, { signal: watch.signal, onEnd });
    } catch (error) {
      onEnd();
      throw error;
    }
    onEnd();
    return noContent();
  },
);
