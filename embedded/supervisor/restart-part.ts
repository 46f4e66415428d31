import { pause } from "./pause.ts";
import { setupFailure } from "./setup-failure.ts";
import { type PartState, readState } from "./state-file.ts";

const lookEveryMs = 100;
const patienceMs = 90_000;
const never = new AbortController().signal;

const partOf = (dataDir: string, name: string): PartState | undefined =>
  readState(dataDir)?.parts.find((part) => part.name === name);

/**
 * Ends a part of the running product by `end` and waits until its supervisor has it running again; nothing when it has no such part.
 * @throws Error with a sentence when it does not come back.
 */
export async function restartPart(
  dataDir: string,
  name: string,
  end: (pid: number) => void | Promise<void>,
): Promise<void> {
  const before = partOf(dataDir, name)?.pid;
  if (before == null) return;
  await end(before);
  const giveUpAtMs = Date.now() + patienceMs;
  for (;;) {
    const now = partOf(dataDir, name);
    if (now?.status === "running" && now.pid !== before) return;
    if (Date.now() > giveUpAtMs)
      throw setupFailure(`Drover's ${name} does not start again. Stop Drover and start it.`);
    await pause(lookEveryMs, never);
  }
}
