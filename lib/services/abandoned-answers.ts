import type { Clock } from "../ports/clock.ts";
import type { ProcessPresence } from "../ports/process-presence.ts";

export interface AbandonedAnswersDeps {
  /** `null` where no other process can use the database. */
  readonly presence: ProcessPresence | null;
  /** Marks what dead processes left running as interrupted. */
  readonly recover: () => Promise<number>;
  readonly clock: Pick<Clock, "sleep">;
}

export interface AbandonedAnswers {
  /** Before the first question: this process lives, and what an earlier one left is interrupted. */
  begin(): Promise<void>;
  /** Until the signal aborts: then this process is gone. */
  run(signal: AbortSignal): Promise<void>;
}

const lookEveryMs = 2000;
/** Two renewals may be late; and a killed process is known to be dead soon enough that its answers end within 10 s. */
const aliveForMs = 6000;

/** Answers whose process has died, on a database that several processes may share. */
export function createAbandonedAnswers(deps: AbandonedAnswersDeps): AbandonedAnswers {
  const { presence, recover, clock } = deps;
  const look = async (): Promise<void> => {
    await presence?.renew(aliveForMs);
    await recover();
  };
  return {
    begin: look,
    async run(signal) {
      if (presence === null) return;
      while (!signal.aborted) {
        await look();
        await clock.sleep(lookEveryMs, signal).catch(() => undefined);
      }
      await presence.leave();
    },
  };
}
