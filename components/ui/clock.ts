import { useSyncExternalStore } from "react";

/** One ticking clock for the page: components that show passing time share its timer. */
const createTicker = (periodMs: number) => {
  let nowMs = Date.now();
  let timer: ReturnType<typeof setInterval> | null = null;
  const listeners = new Set<() => void>();
  const tick = (): void => {
    nowMs = Date.now();
    for (const listener of listeners) listener();
  };
  return {
    now: () => nowMs,
    subscribe: (listener: () => void) => {
      listeners.add(listener);
      if (timer === null) {
        nowMs = Date.now();
        timer = setInterval(tick, periodMs);
      }
      return () => {
        listeners.delete(listener);
        if (listeners.size === 0 && timer !== null) {
          clearInterval(timer);
          timer = null;
        }
      };
    },
  };
};

const quick = createTicker(250);
const slow = createTicker(30_000);
const never = (): (() => void) => () => undefined;

/** Now in ms since the epoch, four times a second; `null` while not `running` and on the server. */
export const useQuickNow = (running: boolean): number | null =>
  useSyncExternalStore(
    running ? quick.subscribe : never,
    () => (running ? quick.now() : null),
    () => null,
  );

/** Now in ms since the epoch, twice a minute; `null` on the server. */
export const useSlowNow = (): number | null =>
  useSyncExternalStore(slow.subscribe, slow.now, () => null);
