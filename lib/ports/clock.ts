import type { Milliseconds } from "../core/time/milliseconds.ts";

export interface Clock {
  /** Monotonic time since an arbitrary start; for leases, time-outs and spans. */
  now(): Milliseconds;
  /** Calendar time, for what people read and what the database stores. */
  wallTime(): Date;
  /** Resolves after `ms`; rejects at once with the signal's reason when it aborts. */
  sleep(ms: number, signal?: AbortSignal): Promise<void>;
  /** A signal that aborts with `AppError("deadline_exceeded")` after `ms`. */
  timeout(ms: number): AbortSignal;
}
