/**
 * Virtual token counters of the clients of one class: who has had more tokens than another waits longer. Output weighs twice the input
 * (Virtual Token Counter, Sheng et al., OSDI 2024). A client without requests is forgotten; it comes back level with the least served.
 */
export interface ClientCounters {
  readonly entered: (client: string) => void;
  readonly left: (client: string) => void;
  readonly charged: (client: string, tokens: number) => void;
  /** Tokens this client has had beyond the least served one that waits, >= 0. */
  readonly excess: (client: string) => number;
}

interface Counter {
  tokens: number;
  waiting: number;
}

const outputWeight = 2;

export const virtualTokens = (promptTokens: number, outputTokens: number): number =>
  promptTokens + outputWeight * outputTokens;

export function createClientCounters(): ClientCounters {
  const counters = new Map<string, Counter>();
  let least: number | null = null;

  const leastWaiting = (): number => {
    if (least !== null) return least;
    least = Infinity;
    for (const { tokens } of counters.values()) least = Math.min(least, tokens);
    if (!Number.isFinite(least)) least = 0;
    return least;
  };

  return {
    entered(client) {
      const counter = counters.get(client);
      if (counter === undefined) counters.set(client, { tokens: leastWaiting(), waiting: 1 });
      else counter.waiting += 1;
    },
    left(client) {
      const counter = counters.get(client);
      if (counter === undefined) return;
      counter.waiting -= 1;
      if (counter.waiting <= 0) counters.delete(client);
      least = null;
    },
    charged(client, tokens) {
      const counter = counters.get(client);
      if (counter !== undefined) counter.tokens += tokens;
      least = null;
    },
    excess: (client) =>
      Math.max(0, (counters.get(client)?.tokens ?? leastWaiting()) - leastWaiting()),
  };
}
