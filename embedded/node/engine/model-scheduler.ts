import type { InstalledModel } from "./installed-models.ts";
import { createLoadedEntries, expiryAfter } from "./loaded-entries.ts";
import type { LoadedEntries, LoadedEntry, ModelLease, ModelRunner } from "./loaded-entries.ts";
import { nodeError } from "./node-error.ts";

export interface LoadedModel {
  readonly model: InstalledModel;
  readonly runner: ModelRunner;
  readonly expiresAtMs: number;
}

export interface ModelScheduler {
  /**
   * Loads a model if needed: one at a time, others wait in order.
   *
   * @param keepAliveMs how long it stays after its last use; undefined keeps what it has
   * @throws NodeError 503 when too many wait for a load, 500 when the load fails; the signal's reason on abort
   */
  readonly acquire: (
    model: InstalledModel,
    options: { readonly numCtx: number | undefined; readonly keepAliveMs: number | undefined },
    signal: AbortSignal,
  ) => Promise<ModelLease>;
  /** Unloads as soon as nobody uses it. */
  readonly unload: (name: string) => void;
  readonly loaded: () => readonly LoadedModel[];
  /** Frees everything at once, whoever uses it: the end of the program. */
  readonly dispose: () => Promise<void>;
}

export interface SchedulerOptions {
  readonly load: (model: InstalledModel, numCtx: number) => Promise<ModelRunner>;
  readonly defaultNumCtx: number;
  readonly defaultKeepAliveMs: number;
  readonly mostLoaded: number;
  /** Requests that may wait behind the load in progress. */
  readonly mostQueued: number;
}

const queueFull = "server busy, please try again.  maximum pending requests exceeded";

/** Settles like the promise, or at once when the signal is aborted; the work itself goes on. */
const unlessAborted = <T>(work: Promise<T>, signal: AbortSignal): Promise<T> =>
  new Promise((resolve, reject) => {
    const leave = (): void => {
      reject(signal.reason as Error);
    };
    signal.addEventListener("abort", leave, { once: true });
    void work.then(resolve, reject).finally(() => {
      signal.removeEventListener("abort", leave);
    });
  });

/** The shortest-lived goes first, an idle one before one that has to be waited for. */
const makeRoom = async (entries: LoadedEntries, mostLoaded: number): Promise<void> => {
  while (entries.byName.size >= mostLoaded) {
    const byLife = [...entries.byName.values()].toSorted((a, b) => a.keepAliveMs - b.keepAliveMs);
    const victim = byLife.find(({ inFlight }) => inFlight === 0) ?? byLife[0];
    if (victim === undefined) return;
    await entries.whenIdle(victim);
    await entries.drop(victim);
  }
};

/** A model that was made anew under its name is another one. */
const isLoaded = (entry: LoadedEntry | undefined, model: InstalledModel, numCtx: number): boolean =>
  entry?.runner.numCtx === numCtx && entry.model.digest === model.digest;

const loadInto =
  (entries: LoadedEntries, options: SchedulerOptions) =>
  async (model: InstalledModel, numCtx: number): Promise<void> => {
    const present = entries.byName.get(model.name);
    if (isLoaded(present, model, numCtx)) return;
    if (present !== undefined) {
      await entries.whenIdle(present);
      await entries.drop(present);
    }
    await makeRoom(entries, options.mostLoaded);
    const runner = await options.load(model, numCtx).catch((error: unknown) => {
      const reason = error instanceof Error ? error.message : String(error);
      throw nodeError(500, `model failed to load: ${reason}`);
    });
    entries.add(model, runner, options.defaultKeepAliveMs);
  };

export const createModelScheduler = (options: SchedulerOptions): ModelScheduler => {
  const entries = createLoadedEntries();
  const loadNow = loadInto(entries, options);
  let loads: Promise<unknown> = Promise.resolve();
  let waiting = 0;

  /** Loads run in order. One who leaves does not stop the load: the next in line would only start it again. */
  const enqueueLoad = async (
    model: InstalledModel,
    numCtx: number,
    signal: AbortSignal,
  ): Promise<void> => {
    if (waiting > options.mostQueued) throw nodeError(503, queueFull);
    waiting++;
    const job = loads.then(() => (signal.aborted ? undefined : loadNow(model, numCtx)));
    loads = job
      .catch(() => undefined)
      .finally(() => {
        waiting--;
      });
    await unlessAborted(job, signal);
  };

  return {
    acquire: async (model, { numCtx, keepAliveMs }, signal) => {
      const askedMs = performance.now();
      const wanted = Math.min(numCtx ?? options.defaultNumCtx, model.details.contextLength);
      for (;;) {
        signal.throwIfAborted();
        const entry = entries.byName.get(model.name);
        if (entry !== undefined && isLoaded(entry, model, wanted))
          return entries.lease(entry, askedMs, keepAliveMs);
        await enqueueLoad(model, wanted, signal);
      }
    },
    unload: (name) => {
      const entry = entries.byName.get(name);
      if (entry === undefined) return;
      entry.keepAliveMs = 0;
      if (entry.inFlight === 0) void entries.drop(entry);
    },
    loaded: () =>
      [...entries.byName.values()]
        .map(({ model, runner, expiresAtMs, keepAliveMs, inFlight }) => ({
          model,
          runner,
          expiresAtMs: inFlight > 0 ? expiryAfter(keepAliveMs) : expiresAtMs,
        }))
        .toSorted((a, b) => b.expiresAtMs - a.expiresAtMs),
    dispose: async () => {
      await Promise.all([...entries.byName.values()].map(entries.drop));
    },
  };
};
