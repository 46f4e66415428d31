import type { ChatEvent, NumberedEvent } from "../core/chat/events.ts";

/** The ordered, replayable log of each running answer; kept for 10 minutes after its end. */
export interface StreamLog {
  /** Opens the log of an answer; throws AppError `conflict` if it is open already. */
  open(answerId: string): Promise<void>;
  /** Appends and returns the number given, from 1 without gaps. */
  append(answerId: string, event: ChatEvent): Promise<number>;
  /** No more events come; readers end after the last one. */
  close(answerId: string): Promise<void>;
  /** Events after `afterSeq` (0 = from the start), then live ones until closed. `null` when no log is held (never opened here, or forgotten). */
  read(
    answerId: string,
    afterSeq: number,
    signal: AbortSignal,
  ): Promise<AsyncGenerator<NumberedEvent, void> | null>;
}
