import type { Actor } from "#lib/core/access/actor.ts";
import type { NumberedEvent } from "#lib/core/chat/events.ts";
import { eventStream, type Numbered } from "#lib/http/event-stream.ts";
import { json, noContent } from "#lib/http/reply.ts";
import { createStreamPlaces } from "#lib/http/stream-places.ts";
import { whileSessionHolds } from "#lib/http/watched-session.ts";
import type { ActiveSession, SessionReader } from "#lib/ports/accounts.ts";

const places = createStreamPlaces(8);

interface Reader {
  readonly container: { readonly accounts: SessionReader };
  readonly actor: Actor;
  readonly request: Request;
  readonly session: ActiveSession;
}

/**
 * The events of an answer as a stream that ends with the client or its session; the answer itself goes on.
 * @param open opens the events; `null` when they are no longer held. It runs once a place for the stream is taken.
 * @throws AppError `rate_limited` when the person holds too many streams, and what `open` throws
 */
export async function answerEvents(
  reader: Reader,
  need: "member" | "admin",
  open: (signal: AbortSignal) => Promise<{
    readonly events: AsyncGenerator<Numbered, void> | null;
    /** Sent before the first event. */
    readonly started?: object;
  }>,
): Promise<Response | null> {
  const leave = places.take(reader.actor.userId);
  const watch = whileSessionHolds(reader.container.accounts, reader, need);
  const { signal } = watch;
  const onEnd = () => {
    leave();
    watch.stop();
  };
  try {
    const { events, started } = await open(signal);
    if (events !== null) return eventStream(events, { signal, onEnd, started });
  } catch (error) {
    onEnd();
    throw error;
  }
  onEnd();
  return null;
}

const wantsEvents = (request: Request): boolean =>
  request.headers.get("accept")?.includes("text/event-stream") === true;

interface StartedAnswer {
  /** From the first one. */
  readonly events: (signal: AbortSignal) => Promise<AsyncGenerator<NumberedEvent, void> | null>;
}

/** What was started, as JSON; for a client that accepts an event stream the same in front of the answer's events, which saves it a second call. */
export async function startedAnswer<T extends StartedAnswer>(
  reader: Reader,
  status: 201 | 202,
  start: () => Promise<T>,
): Promise<Response> {
  const begin = async () => {
    const { events, ...started } = await start();
    return { events, started };
  };
  if (!wantsEvents(reader.request)) return json(status, (await begin()).started);
  const stream = await answerEvents(reader, "member", async (signal) => {
    const { events, started } = await begin();
    return { events: await events(signal), started };
  });
  return stream ?? noContent();
}
