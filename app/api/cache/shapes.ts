import { milliseconds } from "#lib/core/time/milliseconds.ts";
import type { ModelCall } from "#lib/local-models.ts";
import type { Clock } from "#lib/ports/clock.ts";

const longestMs = 10_000;

/** What an admin waits for on the cache page. */
export const adminCall = (clock: Clock, client: string, signal: AbortSignal): ModelCall => ({
  class: "interactive",
  client,
  deadline: milliseconds(clock.now() + longestMs),
  signal,
});
