/** A fixed number of places, handed out in the order of asking. */
export interface FifoSlots<T> {
  /**
   * Waits for a place.
   *
   * @param choose picks among the free ones; the first when absent
   * @throws the signal's reason, at once, when it is aborted while waiting
   */
  readonly take: (
    signal: AbortSignal,
    choose?: (free: readonly T[]) => T | undefined,
  ) => Promise<T>;
  readonly giveBack: (slot: T) => void;
  /** Takes every place for good, each as soon as it is free: nothing runs any more then. */
  readonly close: () => Promise<void>;
}

interface Waiter<T> {
  readonly choose: (free: readonly T[]) => T | undefined;
  readonly admit: (slot: T) => void;
}

export const createFifoSlots = <T>(slots: readonly T[]): FifoSlots<T> => {
  const free = new Set(slots);
  const waiters = new Set<Waiter<T>>();
  const pump = (): void => {
    for (const waiter of waiters) {
      const slot = waiter.choose([...free]);
      if (slot === undefined) return;
      free.delete(slot);
      waiters.delete(waiter);
      waiter.admit(slot);
    }
  };
  const take: FifoSlots<T>["take"] = (signal, choose = ([first]) => first) =>
    new Promise<T>((resolve, reject) => {
      signal.throwIfAborted();
      const leave = (): void => {
        waiters.delete(waiter);
        reject(signal.reason as Error);
      };
      const admit = (slot: T): void => {
        signal.removeEventListener("abort", leave);
        resolve(slot);
      };
      const waiter: Waiter<T> = { choose, admit };
      waiters.add(waiter);
      signal.addEventListener("abort", leave, { once: true });
      pump();
    });
  return {
    take,
    giveBack: (slot) => {
      free.add(slot);
      pump();
    },
    close: async () => {
      await Promise.all(slots.map(() => take(new AbortController().signal)));
    },
  };
};
