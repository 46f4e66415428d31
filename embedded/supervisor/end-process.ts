import { processStartOf } from "../database/exclusive-lock.mjs";
import { pause } from "./pause.ts";

const lookEveryMs = 100;
/** The app lets running answers end for 25 s. */
const patienceMs = 35_000;
const never = new AbortController().signal;

/** Asks a process to end, and insists after a while; resolves when it is gone. */
export async function endProcess(pid: number): Promise<void> {
  const startedAt = processStartOf(pid);
  const insistAtMs = Date.now() + patienceMs;
  tell(pid, "SIGTERM");
  while (startedAt !== undefined && processStartOf(pid) === startedAt) {
    if (Date.now() > insistAtMs) tell(pid, "SIGKILL");
    await pause(lookEveryMs, never);
  }
}

function tell(pid: number, signal: NodeJS.Signals): void {
  try {
    process.kill(pid, signal);
  } catch {
    // It ended in between.
  }
}
