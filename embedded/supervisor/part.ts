import { spawn, type ChildProcess } from "node:child_process";
import { setPriority } from "node:os";
import { createInterface } from "node:readline";
import { processStartOf } from "../database/exclusive-lock.mjs";
import { untilHung, type HealthCheck } from "./health-watch.ts";
import { openLog } from "./part-log.ts";
import { pause } from "./pause.ts";
import { setupFailure } from "./setup-failure.ts";
import type { PartState, PartStatus } from "./state-file.ts";

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

export interface PartOptions {
  /** Called at each change, for the state file. */
  readonly onChange: () => void;
  readonly report: (sentence: string) => void;
  /** Milliseconds to wait before the n-th restart in a row (1, 2, …). */
  readonly backoffMs?: (restartsInARow: number) => number;
}

export interface Part {
  readonly state: () => PartState;
  /** Resolves when it runs; throws one sentence when it ends before that. */
  readonly start: (signal: AbortSignal) => Promise<void>;
  readonly stop: () => Promise<void>;
  /** At once, without asking. */
  readonly kill: () => void;
}

/** A part that ran this long has recovered: the next backoff begins anew. */
const steadyAfterMs = 60_000;
const wordsKept = 2_000;

/** 1 s, doubling to 30 s. */
export const defaultBackoffMs = (restartsInARow: number): number =>
  Math.min(1_000 * 2 ** (restartsInARow - 1), 30_000);

interface Run {
  readonly child: ChildProcess;
  readonly ended: Promise<void>;
  readonly lastWords: () => string;
}

/** What changes while a part lives. */
interface Life {
  readonly stopping: AbortController;
  status: PartStatus;
  since: Date;
  restarts: number;
  port: number | null;
  run: Run | undefined;
}

export function createPart(spec: PartSpec, options: PartOptions): Part {
  const stopping = new AbortController();
  const life: Life = {
    stopping,
    status: "starting",
    since: new Date(),
    restarts: 0,
    port: null,
    run: undefined,
  };
  let watching: Promise<void> = Promise.resolve();
  return {
    state: () => stateOf(spec, life),
    start: async (signal) => {
      const first = await launch(spec, options, life, AbortSignal.any([signal, stopping.signal]));
      watching = keepRunning(spec, options, life, first);
    },
    stop: async () => {
      stopping.abort(new Error("stopped"));
      await endRun(life.run, spec.stopWithinMs);
      await watching;
      await endRun(life.run, spec.stopWithinMs); // one that was just being started again
      setStatus(life, options, "stopped");
    },
    kill: () => {
      stopping.abort(new Error("stopped"));
      if (life.run !== undefined) killGroup(life.run.child);
    },
  };
}

function stateOf(spec: PartSpec, { status, restarts, since, port, run }: Life): PartState {
  const pid = run?.child.pid ?? null;
  const processStart = pid === null ? null : (processStartOf(pid) ?? null);
  return { name: spec.name, status, restarts, since: since.toISOString(), pid, processStart, port };
}

function setStatus(life: Life, options: PartOptions, status: PartStatus): void {
  life.status = status;
  life.since = new Date();
  options.onChange();
}

async function launch(
  spec: PartSpec,
  options: PartOptions,
  life: Life,
  signal: AbortSignal,
): Promise<Run> {
  signal.throwIfAborted();
  const run = spawnPart(spec, life.port);
  life.run = run;
  options.onChange();
  life.port = (await untilReady(spec, run, signal)) ?? life.port;
  await spec.prepare?.(life.port, signal);
  setStatus(life, options, "running");
  return run;
}

/** Starts it again whenever it ends, with growing pauses, until it is to stop. */
async function keepRunning(
  spec: PartSpec,
  options: PartOptions,
  life: Life,
  first: Run,
): Promise<void> {
  const { signal } = life.stopping;
  const backoffMs = options.backoffMs ?? defaultBackoffMs;
  let restartsInARow = 0;
  let run: Run | undefined = first;
  for (;;) {
    const beganAtMs = Date.now();
    if (run !== undefined) await untilEnded(spec, options, life, run);
    if (signal.aborted) return;
    restartsInARow = Date.now() - beganAtMs > steadyAfterMs ? 1 : restartsInARow + 1;
    life.restarts += 1;
    const waitMs = backoffMs(restartsInARow);
    setStatus(life, options, "restarting");
    const seconds = String(Math.round(waitMs / 100) / 10);
    options.report(`${spec.name} ended unexpectedly; it starts again in ${seconds} s.`);
    await pause(waitMs, signal);
    run = await launch(spec, options, life, signal).catch(() => {
      if (life.run !== undefined) killGroup(life.run.child);
      return undefined;
    });
    if (run !== undefined) options.report(`${spec.name} runs again.`);
  }
}

/** Resolves when the run is over, which a part that hangs is made to be: a frozen process hears no other signal. */
async function untilEnded(
  spec: PartSpec,
  options: PartOptions,
  life: Life,
  run: Run,
): Promise<void> {
  const over = new AbortController();
  void run.ended.then(() => {
    over.abort();
  });
  const watched = AbortSignal.any([over.signal, life.stopping.signal]);
  if (spec.health !== undefined && (await untilHung(spec.health, life.port, watched)) === "hung") {
    options.report(`${spec.name} does not answer any more.`);
    killGroup(run.child);
  }
  await run.ended;
}

function spawnPart(spec: PartSpec, port: number | null): Run {
  const child = spawn(process.execPath, spec.args(port), {
    env: { ...process.env, ...spec.env },
    stdio: ["pipe", "pipe", "pipe"],
    // In a group of its own: a terminal's Ctrl-C must not end the parts in the wrong order.
    detached: true,
  });
  if (spec.niceness !== 0 && child.pid !== undefined) lowerPriority(child.pid, spec.niceness);
  const log = openLog(spec.logPath);
  let lastWords = "";
  const hear = (bytes: Buffer): void => {
    log.write(bytes);
    lastWords = (lastWords + bytes.toString()).slice(-wordsKept);
    if (spec.showOutput === true) process.stdout.write(bytes);
  };
  child.stdout.on("data", hear);
  child.stderr.on("data", hear);
  child.stdin.on("error", () => undefined);
  const ended = new Promise<void>((resolve) => {
    const finish = (): void => {
      log.end();
      resolve();
    };
    // What it started itself must not outlive it, nor hold its output open.
    child.once("exit", () => {
      killGroup(child);
    });
    child.once("close", finish);
    child.once("error", (error) => {
      lastWords = error.message;
      finish();
    });
  });
  return { child, ended, lastWords: () => lastWords.trim() };
}

function killGroup(child: ChildProcess): void {
  try {
    if (child.pid !== undefined) process.kill(-child.pid, "SIGKILL");
  } catch {
    // Nobody is left in it.
  }
}

function lowerPriority(pid: number, niceness: number): void {
  try {
    setPriority(pid, niceness);
  } catch {
    // It ended at once, or the system does not allow it: only its turn on the processor differs.
  }
}

async function untilReady(spec: PartSpec, run: Run, signal: AbortSignal): Promise<number | null> {
  const over = new AbortController();
  const either = AbortSignal.any([signal, over.signal]);
  let hasHung = false;
  const endedEarly = run.ended.then(() => {
    signal.throwIfAborted();
    const reason = hasHung ? saysHung(spec) : reasonIn(run.lastWords());
    throw setupFailure(`${spec.name} did not start: ${reason}`);
  });
  const limit =
    spec.readyWithinMs === undefined
      ? undefined
      : setTimeout(() => {
          hasHung = true;
          killGroup(run.child);
        }, spec.readyWithinMs);
  try {
    return await Promise.race([
      spec.ready === "line" ? readyLine(run.child, either) : spec.ready(either).then(() => null),
      endedEarly,
    ]);
  } finally {
    clearTimeout(limit);
    over.abort();
    endedEarly.catch(() => undefined);
  }
}

const saysHung = ({ readyWithinMs = 0, logPath }: PartSpec): string =>
  `it ran for ${String(readyWithinMs / 1000)} s without an answer and was ended. What it said is in ${logPath}.`;

/** A program that speaks JSON gives a reason; of any other the last line has to do. */
function reasonIn(words: string): string {
  const last = words.split("\n").at(-1) ?? "";
  try {
    const { reason } = JSON.parse(last) as { readonly reason?: unknown };
    if (typeof reason === "string") return reason;
  } catch {
    // Not JSON.
  }
  return last === "" ? "it said nothing" : last;
}

function readyLine(child: ChildProcess, signal: AbortSignal): Promise<number | null> {
  return new Promise((resolve, reject) => {
    if (child.stdout === null) return;
    const lines = createInterface({ input: child.stdout });
    signal.addEventListener("abort", () => {
      reject(signal.reason instanceof Error ? signal.reason : new Error("stopped"));
    });
    lines.on("line", (line) => {
      try {
        const said = JSON.parse(line) as { readonly ready?: unknown; readonly port?: unknown };
        if (said.ready === true) resolve(typeof said.port === "number" ? said.port : null);
      } catch {
        // Any other output.
      }
    });
  });
}

async function endRun(run: Run | undefined, withinMs: number): Promise<void> {
  if (run === undefined) return;
  run.child.kill("SIGTERM");
  const force = setTimeout(() => {
    killGroup(run.child);
  }, withinMs);
  await run.ended;
  clearTimeout(force);
}
