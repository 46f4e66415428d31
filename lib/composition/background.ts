import type { Report } from "../adapters/system/log.ts";

/** Loops that run from start to stop; a loop that ends by an error is reported and begun again. */
export interface Background {
  start(): void;
  /** Resolves when every loop has ended. */
  stop(): Promise<void>;
}

export function createBackground(deps: {
  readonly loops: readonly ((signal: AbortSignal) => Promise<void>)[];
  readonly report: Report;
}): Background {
  const stopping = new AbortController();
  let running: Promise<unknown> = Promise.resolve();

  const keepRunning = async (loop: (signal: AbortSignal) => Promise<void>): Promise<void> => {
    while (!stopping.signal.aborted) {
      try {
        await loop(stopping.signal);
      } catch (error) {
        deps.report(error, "background");
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
