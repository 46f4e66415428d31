import type { HealthCheck } from "./health-watch.ts";

/** A program that the supervisor keeps running. */
export interface PartSpec {
  readonly name: string;
  /** Arguments for Node, its own flags first; `port` is the one it had before a restart. */
  readonly args: (port: number | null) => readonly string[];
  readonly env: Readonly<Record<string, string>>;
  /** Nice value, 0 (normal) to 19 (last). */
  readonly niceness: number;
  /** `line`: it prints {"ready":true,"port":…}. Otherwise resolves once it answers. */
  readonly ready: "line" | ((signal: AbortSignal) => Promise<void>);
  /** A start that takes longer has hung: it is ended. Without it a start may take any time. */
  readonly readyWithinMs?: number;
  /** What it needs before it counts as running, after every start. */
  readonly prepare?: (port: number | null, signal: AbortSignal) => Promise<void>;
  /** Asked while it runs; a part that no longer answers is ended and started again. */
  readonly health?: HealthCheck;
  /** Waves start in rising order; the parts of one together. */
  readonly startWave: number;
  /** And stop in rising order. */
  readonly stopWave: number;
  readonly stopWithinMs: number;
  readonly logPath: string;
  /** Shows its output in the terminal as well. */
  readonly showOutput?: boolean;
}
