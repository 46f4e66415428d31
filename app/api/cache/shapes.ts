import { milliseconds } from "#lib/core/time/milliseconds.ts";
import type { Clock } from "#lib/ports/clock.ts";

const longestMs = 10_000;

/** What an admin waits for on the cache page. */
export const adminCall = (clock: Clock, client: string, signal: AbortSignal) => ({
  class: "interactive" as const,
  client,
  deadline: milliseconds(clock.now() + longestMs),
  signal,
});
