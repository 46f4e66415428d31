import { spawn } from "node:child_process";
import { join } from "node:path";
import { createInterface } from "node:readline";
import type { Pace, PacedStats } from "./paced-node.ts";

/** The process that holds the paced nodes. */
export interface NodesProcess {
  /** Fresh nodes, nothing loaded; what ran before is gone. @returns their addresses */
  readonly start: (
    pace: Pace,
    models: readonly string[],
    count: number,
  ) => Promise<readonly string[]>;
  readonly freeze: (node: number, ms: number) => Promise<void>;
  readonly kill: (node: number) => Promise<void>;
  /** Sums over all nodes since they were started. */
  readonly stats: () => Promise<PacedStats>;
  readonly stop: () => void;
}

export function startNodesProcess(): NodesProcess {
  const child = spawn(process.execPath, [join(import.meta.dirname, "main.ts")], {
    stdio: ["pipe", "pipe", "inherit"],
  });
  const lines = createInterface({ input: child.stdout })[Symbol.asyncIterator]();
  let last: Promise<unknown> = Promise.resolve();
  const ask = <T>(command: object): Promise<T> => {
    const answer = last.then(async () => {
      child.stdin.write(`${JSON.stringify(command)}\n`);
      const { value } = await lines.next();
      return JSON.parse(String(value)) as T;
    });
    last = answer.catch(() => undefined);
    return answer;
  };
  return {
    async start(pace, models, count) {
      const { ports } = await ask<{ ports: readonly number[] }>({ start: { pace, models, count } });
      return ports.map((port) => `http://127.0.0.1:${String(port)}`);
    },
    async freeze(node, ms) {
      await ask({ freeze: { node, ms } });
    },
    async kill(node) {
      await ask({ kill: { node } });
    },
    async stats() {
      const { stats } = await ask<{ stats: readonly PacedStats[] }>({ stats: true });
      const sum = (name: keyof PacedStats): number =>
        stats.reduce((total, one) => total + one[name], 0);
      return {
        swaps: sum("swaps"),
        promptTokens: sum("promptTokens"),
        cachedTokens: sum("cachedTokens"),
      };
    },
    stop: () => {
      child.stdin.end();
    },
  };
}
