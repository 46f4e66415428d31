import type { ChatRunner } from "./chat-runner.ts";
import type { EmbedRunner } from "./embed-runner.ts";
import type { InstalledModel } from "./installed-models.ts";
import type { RankRunner } from "./rank-runner.ts";

export type ModelRunner = ChatRunner | EmbedRunner | RankRunner;

/** Permission to use a loaded model; it is not unloaded before the release. */
export interface ModelLease {
  readonly runner: ModelRunner;
  /** From asking to having it, with any wait for other loads. */
  readonly loadMs: number;
  readonly release: () => void;
}

/** A model in memory, with how long it stays after its last use. */
export interface LoadedEntry {
  readonly model: InstalledModel;
  readonly runner: ModelRunner;
  keepAliveMs: number;
  expiresAtMs: number;
  inFlight: number;
  timer: NodeJS.Timeout | undefined;
  readonly idle: Set<() => void>;
}

const longestTimerMs = 2 ** 31 - 1;
/** "For ever" is shown as Ollama shows it: the largest duration it can count. */
const foreverMs = 9_223_372_036_854;

export const expiryAfter = (keepAliveMs: number): number =>
  Date.now() + Math.min(keepAliveMs, foreverMs);

/** What is loaded now: leases, and the end of each model's time. */
export interface LoadedEntries {
  readonly byName: ReadonlyMap<string, LoadedEntry>;
  readonly add: (model: InstalledModel, runner: ModelRunner, keepAliveMs: number) => void;
  readonly lease: (
    entry: LoadedEntry,
    askedMs: number,
    keepAliveMs: number | undefined,
  ) => ModelLease;
  /** Resolves when nobody uses the model. */
  readonly whenIdle: (entry: LoadedEntry) => Promise<void>;
  /** Frees the memory; only when nobody uses the model. */
  readonly drop: (entry: LoadedEntry) => Promise<void>;
}

const whenIdle = async (entry: LoadedEntry): Promise<void> => {
  // Between the last release and our turn another request may have come in: it goes first.
  while (entry.inFlight > 0)
    await new Promise<void>((resolve) => {
      entry.idle.add(resolve);
    });
};

export const createLoadedEntries = (): LoadedEntries => {
  const byName = new Map<string, LoadedEntry>();

  const drop = async (entry: LoadedEntry): Promise<void> => {
    clearTimeout(entry.timer);
    if (byName.get(entry.model.name) !== entry) return;
    byName.delete(entry.model.name);
    await entry.runner.dispose();
  };

  const startTimer = (entry: LoadedEntry): void => {
    clearTimeout(entry.timer);
    entry.expiresAtMs = expiryAfter(entry.keepAliveMs);
    if (entry.keepAliveMs > longestTimerMs) return;
    entry.timer = setTimeout(() => {
      if (entry.inFlight === 0) void drop(entry);
    }, entry.keepAliveMs).unref();
  };

  const becameIdle = (entry: LoadedEntry): void => {
    const woken = [...entry.idle];
    entry.idle.clear();
    for (const wake of woken) wake();
    if (entry.keepAliveMs === 0) void drop(entry);
    else startTimer(entry);
  };

  return {
    byName,
    whenIdle,
    drop,
    add: (model, runner, keepAliveMs) => {
      const entry: LoadedEntry = {
        model,
        runner,
        keepAliveMs,
        expiresAtMs: 0,
        inFlight: 0,
        timer: undefined,
        idle: new Set(),
      };
      byName.set(model.name, entry);
      startTimer(entry);
    },
    lease: (entry, askedMs, keepAliveMs) => {
      entry.inFlight++;
      clearTimeout(entry.timer);
      if (keepAliveMs !== undefined) entry.keepAliveMs = keepAliveMs;
      let released = false;
      return {
        runner: entry.runner,
        loadMs: performance.now() - askedMs,
        release: () => {
          if (released) return;
          released = true;
          entry.inFlight--;
          if (entry.inFlight === 0) becameIdle(entry);
        },
      };
    },
  };
};
