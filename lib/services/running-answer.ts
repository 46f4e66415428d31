import type { AnswerOutcome, AnswerSnapshot, ChatEvent } from "../core/chat/events.ts";
import { emptyAnswer, foldAnswer } from "../core/chat/fold-answer.ts";
import { AppError, isAppError } from "../core/errors/app-error.ts";
import { errorCodeOf } from "../core/errors/error-code-of.ts";
import { errorCodes, type ErrorCode } from "../core/errors/error-codes.ts";
import type { Clock } from "../ports/clock.ts";
import type { AnswerStore } from "../ports/conversation-store.ts";
import type { StreamLog } from "../ports/stream-log.ts";

export interface RunningAnswerDeps {
  readonly store: AnswerStore;
  readonly log: StreamLog;
  readonly clock: Clock;
  /** Told of what nobody asked for: a store that fails, a fault of the program. */
  readonly report: (error: unknown, context: string) => void;
}

/** One answer between its question and its end. It ends exactly once, whoever comes first. */
export interface RunningAnswer {
  /** Aborts when the answer is cancelled. */
  readonly signal: AbortSignal;
  /** Resolves when the end is stored. */
  readonly ended: Promise<void>;
  /** Numbers the event and adds it to the log; nothing is added after the end. */
  append(event: ChatEvent): Promise<void>;
  /** Appends the events up to the first `text-end`, then ends the answer with its outcome. */
  follow(events: AsyncIterable<ChatEvent>): Promise<void>;
  /** Ends it with an error that the person sees. */
  fail(error: unknown): Promise<void>;
  /** Ends it at once for its readers, aborts the work behind it and resolves when the end is stored. */
  cancel(outcome: "stopped" | "interrupted"): Promise<void>;
}

const storeRetriesMs = [200, 1000, 3000, 10_000];

export function createRunningAnswer(deps: RunningAnswerDeps, answerId: string): RunningAnswer {
  const controller = new AbortController();
  const ended = Promise.withResolvers<undefined>();
  let snapshot: AnswerSnapshot = emptyAnswer;
  let isOver = false;

  const add = async (event: ChatEvent): Promise<void> => {
    snapshot = foldAnswer(snapshot, event);
    await deps.log.append(answerId, event);
    // Readers do not wait for it: what they see must not depend on how fast the database writes.
    if (event.type === "evidence") void keepEvidence();
  };

  const keepEvidence = (): Promise<void> =>
    deps.store.keep(answerId, snapshot).catch((error: unknown) => {
      deps.report(error, "keep answer");
    });

  const end = async (outcome: AnswerOutcome, code?: ErrorCode): Promise<void> => {
    if (isOver) return;
    isOver = true;
    if (code !== undefined) await add({ type: "error", code, message: errorCodes[code].message });
    await add({ type: "text-end", answerId, outcome });
    await deps.log.close(answerId);
    await storeEnd(deps, answerId, outcome, snapshot);
    ended.resolve(undefined);
  };

  return {
    signal: controller.signal,
    ended: ended.promise,
    async append(event) {
      if (!isOver) await add(event);
    },
    async follow(events) {
      for await (const event of events) {
        if (isOver) return;
        if (event.type === "text-end") {
          await end(event.outcome);
          return;
        }
        await add(event);
      }
      await end("failed", "internal");
    },
    async fail(error) {
      if (isOver) return;
      if (!isAppError(error)) deps.report(error, "answer");
      await end("failed", errorCodeOf(error));
    },
    async cancel(outcome) {
      const ending = end(outcome);
      controller.abort(new AppError("conflict", { reason: outcome }));
      await ending;
    },
  };
}

/** The readers have the end already; a database that is away for a moment gets it when it is back. */
async function storeEnd(
  { store, clock, report }: RunningAnswerDeps,
  answerId: string,
  outcome: AnswerOutcome,
  snapshot: AnswerSnapshot,
): Promise<void> {
  for (const retryMs of [...storeRetriesMs, null]) {
    try {
      await store.finish(answerId, outcome, snapshot);
      return;
    } catch (error) {
      report(error, "store answer");
      if (retryMs === null) return;
      await clock.sleep(retryMs);
    }
  }
}
