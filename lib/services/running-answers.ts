import type { Actor } from "../core/access/actor.ts";
import type {
  AnswerOutcome,
  AnswerSnapshot,
  ChatEvent,
  NumberedEvent,
} from "../core/chat/events.ts";
import { emptyAnswer, foldAnswer } from "../core/chat/fold-answer.ts";
import { AppError, isAppError } from "../core/errors/app-error.ts";
import { errorCodes } from "../core/errors/error-codes.ts";
import { milliseconds } from "../core/time/milliseconds.ts";
import type { ModelCall } from "../local-models.ts";
import type { Clock } from "../ports/clock.ts";
import type { AnswerStore, ConversationStore } from "../ports/conversation-store.ts";
import type { StreamLog } from "../ports/stream-log.ts";
import type { AskedQuestion } from "./answer-question.ts";
import { createPersonTurns, type PersonTurn } from "./person-turns.ts";

/** Owns every running answer: a browser may come and go, only `stop` ends one early. */
export interface RunningAnswers {
  /**
   * Stores the question and starts its answer.
   * @throws AppError `rate_limited` when the person has too many running and waiting; `not_found`; `no_node_available` while shutting down
   */
  start(
    actor: Actor,
    ask: { readonly conversationId: string; readonly question: string },
  ): Promise<{ readonly answerId: string; readonly turn: number }>;
  /** The events after `afterSeq`, then live ones to the end; `null` when the log is no longer held. Throws `not_found` for someone else's. */
  events(
    actor: Actor,
    answerId: string,
    afterSeq: number,
    signal: AbortSignal,
  ): Promise<AsyncGenerator<NumberedEvent, void> | null>;
  /** Ends the answer for the reader at once and cancels the work behind it; does nothing when it has ended. */
  stop(actor: Actor, answerId: string): Promise<void>;
  /** At start: ends what an earlier process left running; returns how many. */
  recover(): Promise<number>;
  /** Takes no more questions, gives the running answers 25 s and marks the rest as interrupted. */
  drain(): Promise<void>;
}

export interface RunningAnswersDeps {
  readonly answer: (
    actor: Actor,
    asked: AskedQuestion,
    call: ModelCall,
  ) => AsyncGenerator<ChatEvent, void>;
  readonly conversations: ConversationStore;
  readonly store: AnswerStore;
  readonly log: StreamLog;
  readonly clock: Clock;
  /** Names this process, differently after every start. */
  readonly owner: string;
  /** Told of what nobody asked for: a store that fails, a bug in the story. */
  readonly report: (error: unknown, context: string) => void;
}

interface Running {
  readonly answerId: string;
  readonly controller: AbortController;
  readonly finished: Promise<void>;
  snapshot: AnswerSnapshot;
  ended: boolean;
}

const answerLimitMs = 300_000;
const assumedAnswerMs = 5000;
const drainMs = 25_000;
const storeRetriesMs = [200, 1000, 3000, 10_000];

export function createRunningAnswers(deps: RunningAnswersDeps): RunningAnswers {
  const { clock, log, store, conversations } = deps;
  const running = new Map<string, Running>();
  const turns = createPersonTurns();
  let draining = false;
  let meanAnswerMs = assumedAnswerMs;

  const append = async (answer: Running, event: ChatEvent): Promise<void> => {
    answer.snapshot = foldAnswer(answer.snapshot, event);
    await log.append(answer.answerId, event);
  };

  /** The one end of an answer: whoever comes second changes nothing. */
  const end = async (
    answer: Running,
    outcome: AnswerOutcome,
    error: { readonly code: string; readonly message: string } | null = null,
  ): Promise<void> => {
    if (answer.ended) return;
    answer.ended = true;
    if (error !== null) await append(answer, { type: "error", ...error });
    const { answerId } = answer;
    await append(answer, { type: "text-end", answerId, outcome });
    await log.close(answerId);
    await storeEnd(deps, answer, outcome);
    running.delete(answerId);
  };

  const drive = async (answer: Running, actor: Actor, asked: AskedQuestion): Promise<void> => {
    const { signal } = answer.controller;
    const deadline = milliseconds(clock.now() + answerLimitMs);
    const call: ModelCall = { class: "interactive", client: actor.userId, deadline, signal };
    for await (const event of deps.answer(actor, asked, call)) {
      // Fenced: after a stop nothing is added any more, whatever still arrives.
      if (answer.ended) return;
      if (event.type === "text-end") return end(answer, event.outcome);
      await append(answer, event);
    }
    await end(answer, "failed", meaningOf("internal"));
  };

  const run = async (
    answer: Running,
    actor: Actor,
    asked: AskedQuestion,
    turn: PersonTurn,
  ): Promise<void> => {
    try {
      const place = turn.ahead();
      if (place > 0)
        await append(answer, {
          type: "queued",
          place,
          expectedMs: Math.round(place * meanAnswerMs),
        });
      await turn.enter(answer.controller.signal);
      const startedAt = clock.now();
      await drive(answer, actor, asked);
      meanAnswerMs += 0.2 * (clock.now() - startedAt - meanAnswerMs);
    } catch (error) {
      if (answer.controller.signal.aborted) return;
      if (!isAppError(error)) deps.report(error, "answer");
      await end(answer, "failed", meaningOf(isAppError(error) ? error.code : "internal"));
    } finally {
      turn.leave();
    }
  };

  return {
    async start(actor, { conversationId, question }) {
      if (draining) throw new AppError("no_node_available", { reason: "shutting down" });
      const turn = turns.reserve(actor.userId);
      try {
        const { owner } = deps;
        const added = await conversations.addTurn(actor, conversationId, { question, owner });
        const { answerId, collectionIds, history } = added;
        await log.open(answerId);
        const controller = new AbortController();
        const begun = Promise.withResolvers<undefined>();
        const answer: Running = {
          answerId,
          controller,
          snapshot: emptyAnswer,
          ended: false,
          finished: begun.promise.then(() =>
            run(answer, actor, { answerId, question, collectionIds, history }, turn),
          ),
        };
        answer.finished.catch((error: unknown) => {
          deps.report(error, "answer");
        });
        running.set(answerId, answer);
        begun.resolve(undefined);
        return { answerId, turn: added.turn };
      } catch (error) {
        turn.leave();
        throw error;
      }
    },
    async events(actor, answerId, afterSeq, signal) {
      await conversations.ownAnswer(actor, answerId);
      return log.read(answerId, afterSeq, signal);
    },
    async stop(actor, answerId) {
      await conversations.ownAnswer(actor, answerId);
      const answer = running.get(answerId);
      if (answer === undefined) return;
      answer.controller.abort(new AppError("conflict", { reason: "stopped" }));
      await end(answer, "stopped");
    },
    recover: () => store.interruptAbandoned(deps.owner),
    async drain() {
      draining = true;
      const open = [...running.values()];
      await Promise.race([
        Promise.allSettled(open.map((answer) => answer.finished)),
        clock.sleep(drainMs),
      ]);
      await Promise.allSettled(
        [...running.values()].map(async (answer) => {
          answer.controller.abort(new AppError("conflict", { reason: "shutting down" }));
          await end(answer, "interrupted");
        }),
      );
    },
  };
}

const meaningOf = (code: keyof typeof errorCodes): { code: string; message: string } => ({
  code,
  message: errorCodes[code].message,
});

/** The readers have the end already; a database that is away for a moment gets it when it is back. */
async function storeEnd(
  { store, clock, report }: RunningAnswersDeps,
  { answerId, snapshot }: Running,
  outcome: AnswerOutcome,
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
