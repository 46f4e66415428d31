import type { AnswerSnapshot, NumberedEvent } from "#lib/core/chat/events.ts";
import { emptyAnswer, foldAnswer } from "#lib/core/chat/fold-answer.ts";

/** An answer as this page knows it: the fold of the events up to `seq`, and what only a running answer has. */
export interface LiveAnswer {
  readonly snapshot: AnswerSnapshot;
  /** Number of the last event folded in; 0 before the first. */
  readonly seq: number;
  readonly queue: { readonly place: number; readonly expectedMs: number } | null;
}

export const newAnswer: LiveAnswer = { snapshot: emptyAnswer, seq: 0, queue: null };

export const storedAnswer = (snapshot: AnswerSnapshot): LiveAnswer => ({ ...newAnswer, snapshot });

export type Step =
  | { readonly kind: "applied"; readonly live: LiveAnswer }
  | { readonly kind: "seen" }
  | { readonly kind: "gap" };

/** Takes the next event in. One that was taken before is `seen`; one that comes too early is a `gap`: read again from `live.seq`. */
export const takeEvent = (live: LiveAnswer, { seq, event }: NumberedEvent): Step => {
  if (seq <= live.seq) return { kind: "seen" };
  if (seq !== live.seq + 1) return { kind: "gap" };
  return {
    kind: "applied",
    live: {
      snapshot: foldAnswer(live.snapshot, event),
      seq,
      queue:
        event.type === "queued"
          ? { place: event.place, expectedMs: event.expectedMs }
          : event.type === "notice" || event.type === "sources"
            ? live.queue
            : null,
    },
  };
};

export const isRunning = (live: LiveAnswer): boolean => live.snapshot.outcome === "running";
