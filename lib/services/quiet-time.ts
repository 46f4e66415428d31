import type { WorkClass } from "../core/scheduling/work-class.ts";
import type { Clock } from "../ports/clock.ts";
import type { CallRecords } from "./call-records.ts";

export interface QuietTime {
  /** Resolves when nobody has asked for anything for a moment. Throws the signal's reason. */
  untilQuiet(signal: AbortSignal): Promise<void>;
  /** Runs the work while nobody asks; it is broken off as soon as someone does, and begun again when they have been served. */
  run<T>(work: (signal: AbortSignal) => Promise<T>, signal: AbortSignal): Promise<T>;
  /** How often work was broken off since the start. */
  yields(): number;
}

/** Everything that somebody or some program waits for. */
const people: readonly WorkClass[] = ["interactive", "agent-high", "agent-medium", "agent-low"];
const lookEveryMs = 50;
/** Between one question and the next of a person who reads along, work would only be begun in vain. */
const quietMs = 1000;

export function createQuietTime(deps: {
  readonly records: Pick<CallRecords, "openCalls">;
  readonly clock: Clock;
}): QuietTime {
  const { records, clock } = deps;
  let yields = 0;
  let quietSince: number | null = null;
  let lookedAt = Number.NEGATIVE_INFINITY;
  const isBusy = (): boolean => {
    const now = clock.now();
    // What happened while nobody looked is not known.
    if (now - lookedAt > quietMs) quietSince = null;
    lookedAt = now;
    if (records.openCalls(people) > 0) quietSince = null;
    else quietSince ??= now;
    return quietSince === null;
  };

  const untilQuiet = async (signal: AbortSignal): Promise<void> => {
    signal.throwIfAborted();
    while (isBusy() || clock.now() - (quietSince ?? clock.now()) < quietMs)
      await clock.sleep(lookEveryMs, signal);
  };

  /** Aborts the controller when someone asks; ends with `over`. */
  const watch = async (people: AbortController, over: AbortSignal): Promise<void> => {
    while (!over.aborted) {
      if (isBusy()) {
        people.abort(new Error("someone asks"));
        return;
      }
      await clock.sleep(lookEveryMs, over).catch(() => undefined);
    }
  };

  return {
    untilQuiet,
    yields: () => yields,
    async run(work, signal) {
      for (;;) {
        await untilQuiet(signal);
        const came = new AbortController();
        const over = new AbortController();
        const watching = watch(came, AbortSignal.any([over.signal, signal]));
        try {
          return await work(AbortSignal.any([came.signal, signal]));
        } catch (error) {
          signal.throwIfAborted();
          if (!came.signal.aborted) throw error;
          yields += 1;
        } finally {
          over.abort();
          await watching;
        }
      }
    },
  };
}
