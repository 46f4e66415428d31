import { spawn, type ChildProcess } from "node:child_process";
import { setPriority } from "node:os";
import { createInterface } from "node:readline";
import { openLog } from "./part-log.ts";
import type { PartSpec } from "./part-spec.ts";
import { setupFailure } from "./setup-failure.ts";

const wordsKept = 2_000;

/** One process of a part, from its spawn to its end. */
export interface Run {
  readonly child: ChildProcess;
  readonly ended: Promise<void>;
  readonly lastWords: () => string;
}

export function spawnPart(spec: PartSpec, port: number | null): Run {
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

export function killGroup(child: ChildProcess): void {
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

/** The port, when the process says one; throws one sentence when it ends or hangs before it is ready. */
export async function untilReady(
  spec: PartSpec,
  run: Run,
  signal: AbortSignal,
): Promise<number | null> {
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

export async function endRun(run: Run | undefined, withinMs: number): Promise<void> {
  if (run === undefined) return;
  run.child.kill("SIGTERM");
  const force = setTimeout(() => {
    killGroup(run.child);
  }, withinMs);
  await run.ended;
  clearTimeout(force);
}
