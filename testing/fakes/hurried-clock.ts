import { milliseconds } from "#lib/core/time/milliseconds.ts";
import type { Clock } from "#lib/ports/clock.ts";

/** Sleeps take no time, they only move the clock on: what waits half an hour between two steps takes them one after another. */
export function createHurriedClock(): Clock {
  const startedAt = performance.now();
  let slept = 0;
  const now = () => performance.now() - startedAt + slept;
  return {
    now: () => milliseconds(now() + startedAt),
    wallTime: () => new Date(),
    async sleep(ms, signal) {
      signal?.throwIfAborted();
      slept += ms;
      await new Promise((resolve) => {
        setImmediate(resolve);
      });
      signal?.throwIfAborted();
    },
    timeout: (ms) => AbortSignal.timeout(ms),
  };
}
