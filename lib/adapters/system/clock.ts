import { AsyncLocalStorage } from "node:async_hooks";
import { setTimeout as delay } from "node:timers/promises";
import { AppError } from "../../core/errors/app-error.ts";
import { milliseconds } from "../../core/time/milliseconds.ts";
import type { Clock } from "../../ports/clock.ts";

/** A timer keeps the context that it was set in for as long as it runs, and with it a whole request and its response. */
const outsideRequests = AsyncLocalStorage.snapshot();

/** The machine's own clock. */
export function createSystemClock(): Clock {
  return {
    now: () => milliseconds(performance.now()),
    wallTime: () => new Date(),
    async sleep(ms, signal) {
      try {
        await delay(ms, undefined, signal === undefined ? {} : { signal });
      } catch (error) {
        // Node wraps the reason in an error of its own; callers are promised the reason itself.
        throw signal?.aborted === true ? (signal.reason as Error) : error;
      }
    },
    timeout(ms) {
      const controller = new AbortController();
      outsideRequests(() => {
        const timer = setTimeout(() => {
          controller.abort(new AppError("deadline_exceeded", {}));
        }, ms);
        timer.unref();
      });
      return controller.signal;
    },
  };
}
