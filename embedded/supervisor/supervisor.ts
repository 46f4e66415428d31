import { createPart, type Part } from "./part.ts";
import type { PartSpec } from "./part-spec.ts";
import { currentBootId, removeState, writeState, type PartState } from "./state-file.ts";

export interface SupervisorOptions {
  readonly dataDir: string;
  readonly parts: readonly PartSpec[];
  readonly databaseUrl: string | null;
  readonly report: (sentence: string) => void;
  readonly backoffMs?: (restartsInARow: number) => number;
}

export interface Supervisor {
  /** Starts every wave; throws one sentence when a part does not come up, after stopping the others. */
  readonly start: (signal: AbortSignal) => Promise<void>;
  /** From now on this is shown to those who ask where Drover runs. */
  readonly publishAddress: (address: string) => void;
  readonly parts: () => readonly PartState[];
  readonly stop: () => Promise<void>;
  readonly kill: () => void;
}

interface SupervisedPart {
  readonly spec: PartSpec;
  readonly part: Part;
}

async function inWaves(
  parts: readonly SupervisedPart[],
  waveOf: (spec: PartSpec) => number,
  work: (part: Part) => Promise<void>,
): Promise<void> {
  const waves = [...new Set(parts.map(({ spec }) => waveOf(spec)))].sort(
    (one, other) => one - other,
  );
  for (const wave of waves) {
    const members = parts.filter(({ spec }) => waveOf(spec) === wave);
    await Promise.all(members.map(({ part }) => work(part)));
  }
}

/** Keeps programs running and writes down what runs, so that a crash of this process leaves no mystery. */
export function createSupervisor(options: SupervisorOptions): Supervisor {
  let address: string | null = null;
  let over = false;
  const build = (spec: PartSpec): Part =>
    createPart(spec, {
      onChange: () => {
        save();
      },
      report: options.report,
      ...(options.backoffMs === undefined ? {} : { backoffMs: options.backoffMs }),
    });
  const parts = options.parts.map((spec) => ({ spec, part: build(spec) }));
  const states = (): readonly PartState[] => parts.map(({ part }) => part.state());
  const save = (): void => {
    if (over) return;
    const now = { pid: process.pid, bootId: currentBootId(), address, parts: states() };
    try {
      writeState(options.dataDir, { ...now, databaseUrl: options.databaseUrl });
    } catch (error) {
      options.report(`The state could not be written down: ${String(error)}`); // a full disk ends nothing
    }
  };
  const stop = async (): Promise<void> => {
    await inWaves(
      parts,
      (spec) => spec.stopWave,
      (part) => part.stop(),
    );
    over = true;
    removeState(options.dataDir);
  };
  return {
    start: async (signal) => {
      try {
        await inWaves(
          parts,
          (spec) => spec.startWave,
          (part) => part.start(signal),
        );
      } catch (error) {
        await stop();
        throw error;
      }
    },
    publishAddress: (next) => {
      address = next;
      save();
    },
    parts: states,
    stop,
    kill: () => {
      for (const { part } of parts) part.kill();
    },
  };
}
