interface Flight<V> {
  readonly result: Promise<V>;
  readonly controller: AbortController;
  waiters: number;
}

/** Joins callers that ask for the same thing at the same time. A caller that aborts leaves at once; the work ends when the last one left. */
export interface OneFlight<V> {
  join(key: string, start: (signal: AbortSignal) => Promise<V>, signal: AbortSignal): Promise<V>;
}

export function createOneFlight<V>(): OneFlight<V> {
  const flights = new Map<string, Flight<V>>();

  const takeOff = (key: string, start: (signal: AbortSignal) => Promise<V>): Flight<V> => {
    const controller = new AbortController();
    const result = start(controller.signal).finally(() => {
      if (flights.get(key) === flight) flights.delete(key);
    });
    // A flight that everybody left fails unheard.
    result.catch(() => undefined);
    const flight: Flight<V> = { result, controller, waiters: 0 };
    flights.set(key, flight);
    return flight;
  };

  return {
    async join(key, start, signal) {
      signal.throwIfAborted();
      const flight = flights.get(key) ?? takeOff(key, start);
      flight.waiters += 1;
      try {
        return await untilAborted(flight.result, signal);
      } finally {
        flight.waiters -= 1;
        if (flight.waiters === 0) {
          if (flights.get(key) === flight) flights.delete(key);
          flight.controller.abort(signal.reason);
        }
      }
    },
  };
}

function untilAborted<V>(result: Promise<V>, signal: AbortSignal): Promise<V> {
  return new Promise((resolve, reject) => {
    const leave = (): void => {
      reject(signal.reason as Error);
    };
    signal.addEventListener("abort", leave, { once: true });
    result.then(resolve, reject).finally(() => {
      signal.removeEventListener("abort", leave);
    });
  });
}
