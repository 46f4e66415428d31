import type { Actor } from "../core/access/actor.ts";
import type { ChatEvent, NumberedEvent } from "../core/chat/events.ts";
import { AppError, isAppError } from "../core/errors/app-error.ts";
import { milliseconds } from "../core/time/milliseconds.ts";
import type { ModelCall } from "../local-models.ts";
import type { Clock } from "../ports/clock.ts";
import type { ConversationStore } from "../ports/conversation-store.ts";
import type { Admission } from "./admission.ts";
import type { AskedQuestion } from "./answer-question.ts";
import { createPersonTurns, type PersonTurn, type TurnLimits } from "./person-turns.ts";
import {
  createRunningAnswer,
  type RunningAnswer,
  type RunningAnswerDeps,
} from "./running-answer.ts";

export interface StartedAnswer {
  readonly answerId: string;
  readonly turn: number;
  /** Its events from the first one, to the end; `null` when the log is no longer held. */
  readonly events: (signal: AbortSignal) => Promise<AsyncGenerator<NumberedEvent, void> | null>;
}

/** Owns every running answer: a browser may come and go, only `stop` ends one early. */
export interface RunningAnswers {
  /**
   * Stores the question and starts its answer.
   * @throws AppError `rate_limited` when the person has too many running and waiting; `cluster_saturated` when the wait would be too long; `not_found`; `no_node_available` while shutting down
   */
  start(
    actor: Actor,
    ask: {
      readonly conversationId: string;
      readonly question: string;
      /** Past the answer cache. */
      readonly asksAgain?: boolean;
      /** Asks at the place of this answer of the conversation, as a branch beside it. */
      readonly replaces?: string;
    },
  ): Promise<StartedAnswer>;
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

export interface RunningAnswersDeps extends RunningAnswerDeps {
  readonly answer: (
    actor: Actor,
    asked: AskedQuestion,
    call: ModelCall,
  ) => AsyncGenerator<ChatEvent, void>;
  /** Whether a question needs no node: asked before one is refused. */
  readonly isAnsweredAlready: (
    actor: Actor,
    asked: Omit<AskedQuestion, "answerId">,
  ) => Promise<boolean>;
  readonly conversations: ConversationStore;
  /** Names this process, differently after every start. */
  readonly owner: string;
  readonly turnLimits: () => TurnLimits;
  readonly admission: Pick<Admission, "admit">;
}

const answerLimitMs = 300_000;
const assumedAnswerMs = 5000;
const newShare = 0.2;
const drainMs = 25_000;
const lookUpMs = 80;

export function createRunningAnswers(deps: RunningAnswersDeps): RunningAnswers {
  const { clock, conversations, log } = deps;
  const running = new Map<string, RunningAnswer>();
  const turns = createPersonTurns(deps.turnLimits);
  const pace = { meanAnswerMs: assumedAnswerMs };
  let draining = false;
  // Let in, but not among the running yet.
  let entering = 0;

  return {
    async start(actor, { conversationId, question, replaces, asksAgain = false }) {
      if (draining) throw new AppError("no_node_available", { reason: "shutting down" });
      const turn = turns.reserve(actor.userId);
      entering += 1;
      try {
        const place = replaces === undefined ? {} : { replaces };
        const asking = { conversationId, question, asksAgain, ...place };
        const onlyKept = await refusal(deps, actor, asking, running.size + entering - 1);
        const turnOfIt = { question, owner: deps.owner, ...place };
        const added = await conversations.addTurn(actor, conversationId, turnOfIt);
        const { answerId, collectionIds, history } = added;
        await log.open(answerId);
        const answer = createRunningAnswer(deps, answerId);
        running.set(answerId, answer);
        const told = { answerId, question, collectionIds, history, asksAgain };
        const asked = onlyKept === null ? told : { ...told, onlyKept };
        void drive(deps, { answer, actor, asked, turn, pace })
          .catch((error: unknown) => answer.fail(error))
          .finally(() => running.delete(answerId));
        const events = (signal: AbortSignal) => log.read(answerId, 0, signal);
        return { answerId, turn: added.turn, events };
      } catch (error) {
        turn.leave();
        throw error;
      } finally {
        entering -= 1;
      }
    },
    async events(actor, answerId, afterSeq, signal) {
      await conversations.ownAnswer(actor, answerId);
      return log.read(answerId, afterSeq, signal);
    },
    async stop(actor, answerId) {
      await conversations.ownAnswer(actor, answerId);
      await running.get(answerId)?.cancel("stopped");
    },
    recover: () => deps.store.interruptAbandoned(deps.owner),
    async drain() {
      draining = true;
      const open = [...running.values()];
      await Promise.race([Promise.all(open.map((answer) => answer.ended)), clock.sleep(drainMs)]);
      await Promise.all([...running.values()].map((answer) => answer.cancel("interrupted")));
    },
  };
}

interface AtTheDoor {
  readonly conversationId: string;
  readonly question: string;
  readonly asksAgain: boolean;
  readonly replaces?: string;
}

/** `null` when there is room. Where there is none, a question that needs no node still comes in, with its refusal. Throws the refusal. */
async function refusal(
  { admission, clock, conversations, isAnsweredAlready }: RunningAnswersDeps,
  actor: Actor,
  { conversationId, question, asksAgain, replaces }: AtTheDoor,
  underWay: number,
): Promise<AppError | null> {
  const deadline = milliseconds(clock.now() + answerLimitMs);
  try {
    admission.admit({ class: "interactive", client: actor.userId, deadline, underWay });
    return null;
  } catch (error) {
    if (!isAppError(error, "cluster_saturated")) throw error;
    const looked = (async () => {
      const context = await conversations.nextTurn(actor, conversationId, replaces);
      return isAnsweredAlready(actor, { question, asksAgain, ...context });
    })();
    if (!(await soonTrue(clock, looked))) throw error;
    return error;
  }
}

/** A refusal comes within 100 ms, whatever the database is at: what is not known by then counts as no. */
async function soonTrue(clock: Clock, looked: Promise<boolean>): Promise<boolean> {
  const inTime = new AbortController();
  const late = clock.sleep(lookUpMs, inTime.signal).then(
    () => false,
    () => false,
  );
  try {
    return await Promise.race([looked, late]);
  } finally {
    inTime.abort();
    looked.catch(() => undefined);
  }
}

interface Drive {
  readonly answer: RunningAnswer;
  readonly actor: Actor;
  readonly asked: AskedQuestion;
  readonly turn: PersonTurn;
  /** Mean length of an answer, for the wait that people are told. */
  readonly pace: { meanAnswerMs: number };
}

async function drive(
  { clock, answer: answerOf }: RunningAnswersDeps,
  { answer, actor, asked, turn, pace }: Drive,
): Promise<void> {
  try {
    const place = turn.ahead();
    const expectedMs = Math.round(place * pace.meanAnswerMs);
    if (place > 0) await answer.append({ type: "queued", place, expectedMs });
    await turn.enter(answer.signal);
    const startedAt = clock.now();
    const deadline = milliseconds(startedAt + answerLimitMs);
    const { signal } = answer;
    const call: ModelCall = { class: "interactive", client: actor.userId, deadline, signal };
    await answer.follow(answerOf(actor, asked, call));
    pace.meanAnswerMs += newShare * (clock.now() - startedAt - pace.meanAnswerMs);
  } finally {
    turn.leave();
  }
}
