import { eventStream } from "#lib/http/event-stream.ts";
import { createStreamPlaces } from "#lib/http/stream-places.ts";
import { whileSessionHolds } from "#lib/http/watched-session.ts";
import { handle } from "../../handle.ts";

const places = createStreamPlaces(8);

async function* numbered<T>(events: AsyncGenerator<T, void>) {
  let seq = 0;
  for await (const event of events) yield { seq: (seq += 1), event };
}

/** A snapshot at once and another each second. */
export const GET = handle({ auth: "admin" }, ({ container, actor, request, session }) => {
  const leave = places.take(actor.userId);
  const watch = whileSessionHolds(container.accounts, { request, session }, "admin");
  const onEnd = (): void => {
    leave();
    watch.stop();
  };
  return eventStream(numbered(container.cluster.follow(watch.signal)), {
    signal: watch.signal,
    onEnd,
  });
});
