import { AppError } from "#lib/core/errors/app-error.ts";
import { milliseconds } from "#lib/core/time/milliseconds.ts";
import type { Clock } from "#lib/ports/clock.ts";

export interface FakeClock extends Clock {
  /** Moves time on; sleepers wake in order, and what they do runs before the next one wakes. */
  advance(ms: number): Promise<void>;
}

interface Sleeper {
  readonly at: number;
  readonly wake: () => void;
}

/** Time stands still until it is advanced. */
export function createFakeClock(startedAt = new Date("2026-01-01T00:00:00Z")): FakeClock {
  let now = 0;
  let sleepers: Sleeper[] = [];

  const add = (ms: number, wake: () => void): Sleeper => {
    const sleeper = { at: now + Math.max(ms, 0), wake };
    sleepers.push(sleeper);
    return sleeper;
  };

  return {
    now: () => milliseconds(now),
    wallTime: () => new Date(startedAt.getTime() + now),
    sleep(ms, signal) {
      if (signal?.aborted === true) return Promise.reject(signal.reason as Error);
      return new Promise((resolve, reject) => {
        const leave = (): void => {
          sleepers = sleepers.filter((other) => other !== sleeper);
          reject(signal?.reason as Error);
        };
        const sleeper = add(ms, () => {
          signal?.removeEventListener("abort", leave);
          resolve();
        });
        signal?.addEventListener("abort", leave, { once: true });
      });
    },
    timeout(ms) {
      const controller = new AbortController();
      add(ms, () => {
        controller.abort(new AppError("deadline_exceeded", {}));
      });
      return controller.signal;
    },
    async advance(ms) {
      const until = now + ms;
      await settle();
      for (;;) {
        const next = sleepers.sort((one, other) => one.at - other.at)[0];
        if (next === undefined || next.at > until) break;
        sleepers = sleepers.filter((other) => other !== next);
        now = next.at;
        next.wake();
        await settle();
      }
      now = until;
    },
  };
}

/** Lets everything that can go on without time passing go on. */
const settle = (): Promise<void> =>
  new Promise((resolve) => {
    setImmediate(() => {
      setImmediate(resolve);
    });
  });
