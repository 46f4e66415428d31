import type { Report } from "../adapters/system/log.ts";
import type { Clock } from "../ports/clock.ts";

/** A database that is away fails a loop at once: begun again at once it would fill the log. */
const beginAgainAfterMs = 1000;

/**
 * Loops that run from start to stop; a loop that ends by an error is reported and begun again a second later, and one that ends without
 * has nothing more to do here.
 */
export interface Background {
  start(): void;
  /** Resolves when every loop has ended. */
  stop(): Promise<void>;
}

export function createBackground(deps: {
  readonly loops: readonly ((signal: AbortSignal) => Promise<void>)[];
  readonly report: Report;
  readonly clock: Pick<Clock, "sleep">;
}): Background {
  const stopping = new AbortController();
  const isStopping = (): boolean => stopping.signal.aborted;
  let running: Promise<unknown> = Promise.resolve();

  const keepRunning = async (loop: (signal: AbortSignal) => Promise<void>): Promise<void> => {
    while (!isStopping()) {
      try {
        await loop(stopping.signal);
        return;
      } catch (error) {
        if (isStopping()) return;
        deps.report(error, "background");
        await deps.clock.sleep(beginAgainAfterMs, stopping.signal).catch(() => undefined);
      }
    }
  };

  return {
    start() {
      running = Promise.all(deps.loops.map(keepRunning));
    },
    async stop() {
      stopping.abort(new Error("stopped"));
      await running;
    },
  };
}
