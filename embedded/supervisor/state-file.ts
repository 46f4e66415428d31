import { mkdirSync, readFileSync, renameSync, rmSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { processStartOf } from "../database/exclusive-lock.mjs";

export type PartStatus = "starting" | "running" | "restarting" | "stopped";

export interface PartState {
  readonly name: string;
  readonly status: PartStatus;
  readonly restarts: number;
  /** When this status began: ISO 8601. */
  readonly since: string;
  readonly pid: number | null;
  /** The system's start time of the pid: tells it from a stranger who got the number later. */
  readonly processStart: string | null;
  readonly port: number | null;
}

/** What runs in a data folder, for the app, for commands and for the next start after a crash. */
export interface SupervisorState {
  readonly pid: number;
  readonly bootId: string;
  readonly address: string | null;
  /** How `pg` reaches the database. Null when DATABASE_URL names another: that may hold a password. */
  readonly databaseUrl: string | null;
  readonly parts: readonly PartState[];
}

const orphanGraceMs = 8_000;
const lookEveryMs = 50;

export const stateFilePath = (dataDir: string): string => join(dataDir, "run", "state.json");

export function currentBootId(): string {
  try {
    return readFileSync("/proc/sys/kernel/random/boot_id", "utf8").trim();
  } catch {
    return "";
  }
}

export function writeState(dataDir: string, state: SupervisorState): void {
  const path = stateFilePath(dataDir);
  mkdirSync(join(dataDir, "run"), { recursive: true, mode: 0o700 });
  writeFileSync(`${path}.next`, JSON.stringify(state, undefined, 2), { mode: 0o600 });
  renameSync(`${path}.next`, path);
}

export function readState(dataDir: string): SupervisorState | undefined {
  try {
    return JSON.parse(readFileSync(stateFilePath(dataDir), "utf8")) as SupervisorState;
  } catch {
    return undefined; // none, or cut off by a crash: then nothing is known of earlier processes
  }
}

export const removeState = (dataDir: string): void => {
  rmSync(stateFilePath(dataDir), { force: true });
};

const stillRuns = ({ pid, processStart }: PartState): boolean =>
  pid !== null && processStart !== null && processStartOf(pid) === processStart;

function signal(part: PartState, name: NodeJS.Signals): void {
  try {
    if (part.pid !== null && stillRuns(part)) process.kill(part.pid, name);
  } catch {
    // It ended in between.
  }
}

/** Ends what a killed supervisor left running, never a stranger, and answers the names of the ended. */
export async function endOrphans(dataDir: string): Promise<readonly string[]> {
  const state = readState(dataDir);
  if (state?.bootId !== currentBootId()) return [];
  const orphans = state.parts.filter(stillRuns);
  for (const part of orphans) signal(part, "SIGTERM");
  const deadlineMs = Date.now() + orphanGraceMs;
  while (orphans.some(stillRuns)) {
    if (Date.now() > deadlineMs) for (const part of orphans) signal(part, "SIGKILL");
    await new Promise((resolve) => setTimeout(resolve, lookEveryMs));
  }
  return orphans.map((part) => part.name);
}
