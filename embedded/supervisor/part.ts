import { processStartOf } from "../database/exclusive-lock.mjs";
import { untilHung } from "./health-watch.ts";
import { endRun, killGroup, spawnPart, untilReady, type Run } from "./part-process.ts";
import type { PartSpec } from "./part-spec.ts";
import { pause } from "./pause.ts";
import type { PartState, PartStatus } from "./state-file.ts";

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

/** 1 s, doubling to 30 s. */
export const defaultBackoffMs = (restartsInARow: number): number =>
  Math.min(1_000 * 2 ** (restartsInARow - 1), 30_000);

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
    const ending = run;
    if (run !== undefined) await untilEnded(spec, options, life, run);
    if (signal.aborted) return;
    restartsInARow = Date.now() - beganAtMs > steadyAfterMs ? 1 : restartsInARow + 1;
    life.restarts += 1;
    const waitMs = backoffMs(restartsInARow);
    setStatus(life, options, "restarting");
    const seconds = String(Math.round(waitMs / 100) / 10);
    const how = ending !== undefined && wasAskedToEnd(ending) ? "has ended" : "ended unexpectedly";
    options.report(`${spec.name} ${how}; it starts again in ${seconds} s.`);
    await pause(waitMs, signal);
    run = await launch(spec, options, life, signal).catch(() => {
      if (life.run !== undefined) killGroup(life.run.child);
      return undefined;
    });
    if (run !== undefined) options.report(`${spec.name} runs again.`);
  }
}

/** As a restore does, whose operator reads this. */
const wasAskedToEnd = ({ child }: Run): boolean =>
  child.exitCode === 0 || child.exitCode === 143 || child.signalCode === "SIGTERM";

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
