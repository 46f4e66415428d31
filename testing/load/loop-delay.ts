import { spawn } from "node:child_process";
import { text } from "node:stream/consumers";
import { fileURLToPath } from "node:url";

export type DelayBound = 0.05 | 0.1 | 0.5;

/** Moments that the event loop was at most so late, from what /metrics says. */
export function loopCount(metrics: string, bound: DelayBound | "+Inf"): number {
  const start = `drover_event_loop_delay_seconds_bucket{le="${String(bound)}"} `;
  const line = metrics.split("\n").find((one) => one.startsWith(start));
  return Number(line?.slice(start.length));
}

/** Share of the moments between two readings, 0 to 1, in which it was later. */
export function lateShareBetween(before: string, after: string, bound: DelayBound): number {
  const inTime = loopCount(after, bound) - loopCount(before, bound);
  const all = loopCount(after, "+Inf") - loopCount(before, "+Inf");
  return 1 - inTime / all;
}

const program = fileURLToPath(new URL("idle-program.ts", import.meta.url));

/** Starts a program that does nothing; `stop` answers how often it was late all the same. */
export function startIdleProgram(): {
  readonly stop: () => Promise<(bound: DelayBound) => number>;
} {
  const child = spawn(process.execPath, [program], { stdio: ["pipe", "pipe", "inherit"] });
  return {
    async stop() {
      child.stdin.end();
      const metrics = await text(child.stdout);
      return (bound) => 1 - loopCount(metrics, bound) / loopCount(metrics, "+Inf");
    },
  };
}
