import type { Actor } from "../core/access/actor.ts";
import type { ChatEvent, NumberedEvent } from "../core/chat/events.ts";
import { withdrawnKind } from "../core/chat/visible-snapshot.ts";
import { AppError, isAppError } from "../core/errors/app-error.ts";
import { milliseconds } from "../core/time/milliseconds.ts";
import type { ModelCall } from "../local-models.ts";
import type {
  ConversationStore,
  ConversationSummary,
  TurnContext,
} from "../ports/conversation-store.ts";
import type { Admission } from "./admission.ts";
import type { AskedQuestion } from "./asked-question.ts";
import { createLooksOfTheRefused, type LookOfTheRefused } from "./looks-of-the-refused.ts";
import {
  createPersonTurns,
  type PersonTurn,
  type PersonTurns,
  type TurnLimits,
} from "./person-turns.ts";
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
  /** As `start`, in a new conversation; one that is refused leaves none behind. */
  startNew(
    actor: Actor,
    ask: {
      readonly title: string;
      readonly collectionIds: readonly string[];
      readonly question: string;
    },
  ): Promise<StartedAnswer & { readonly conversation: ConversationSummary }>;
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
  /** As far as this process remembers, which takes no time: of questions that begin a conversation. */
  readonly isRememberedAnswer: (
    actor: Actor,
    asked: Pick<AskedQuestion, "question" | "collectionIds">,
  ) => boolean;
  readonly conversations: ConversationStore;
  /** Names this process, differently after every start. */
  readonly owner: string;
  readonly turnLimits: () => TurnLimits;
  readonly admission: Pick<Admission, "admit">;
  /** How long a refusal waits for `isAnsweredAlready`. */
  readonly lookUpMs?: number;
}

const answerLimitMs = 300_000;
const assumedAnswerMs = 5000;
const newShare = 0.2;
const drainMs = 25_000;
// A refusal comes within 100 ms.
const defaultLookUpMs = 80;

export function createRunningAnswers(deps: RunningAnswersDeps): RunningAnswers {
  const { clock, conversations, log, lookUpMs = defaultLookUpMs } = deps;
  const house: House = {
    looks: createLooksOfTheRefused(clock, lookUpMs),
    ...{ running: new Map(), turns: createPersonTurns(deps.turnLimits) },
    ...{ pace: { meanAnswerMs: assumedAnswerMs }, draining: false, entering: 0 },
  };
  const { running } = house;

  return {
    async start(actor, { conversationId, question, replaces, asksAgain = false }) {
      const place = replaces === undefined ? {} : { replaces };
      const context = () => conversations.nextTurn(actor, conversationId, replaces);
      const { added, events } = await begin(
        deps,
        house,
        actor,
        { question, asksAgain, context, isRemembered: () => false },
        () =>
          conversations.addTurn(actor, conversationId, { question, owner: deps.owner, ...place }),
      );
      return { answerId: added.answerId, turn: added.turn, events };
    },
    async startNew(actor, { question, ...begun }) {
      const first = { collectionIds: begun.collectionIds, history: [] };
      const asking = {
        ...{ question, asksAgain: false, context: () => Promise.resolve(first) },
        isRemembered: () => deps.isRememberedAnswer(actor, { question, ...first }),
      };
      const { added, events } = await begin(deps, house, actor, asking, async () => ({
        ...(await conversations.addFirstTurn(actor, { ...begun, question, owner: deps.owner })),
        ...first,
      }));
      const { answerId, conversation } = added;
      return { answerId, turn: 0, events, conversation };
    },
    async events(actor, answerId, afterSeq, signal) {
      const { snapshot } = await conversations.ownAnswer(actor, answerId);
      // The log holds all of it: who may read only a part now reads what is stored.
      if (snapshot?.notices.some(({ kind }) => kind === withdrawnKind) === true) return null;
      return log.read(answerId, afterSeq, signal);
    },
    async stop(actor, answerId) {
      await conversations.ownAnswer(actor, answerId);
      await running.get(answerId)?.cancel("stopped");
    },
    recover: () => deps.store.interruptAbandoned(deps.owner),
    async drain() {
      house.draining = true;
      const open = [...running.values()];
      await Promise.race([Promise.all(open.map((answer) => answer.ended)), clock.sleep(drainMs)]);
      await Promise.all([...running.values()].map((answer) => answer.cancel("interrupted")));
    },
  };
}

/** Who is in it, and who is at the door. */
interface House {
  readonly running: Map<string, RunningAnswer>;
  readonly turns: PersonTurns;
  readonly looks: LookOfTheRefused;
  readonly pace: Drive["pace"];
  draining: boolean;
  /** Let in, but not among the running yet. */
  entering: number;
}

/** Lets a question in, adds its turn and drives its answer; what is refused or fails leaves its place to the next. */
async function begin<T extends TurnContext & { readonly answerId: string }>(
  deps: RunningAnswersDeps,
  house: House,
  actor: Actor,
  asking: AtTheDoor,
  add: () => Promise<T>,
): Promise<{ readonly added: T; readonly events: StartedAnswer["events"] }> {
  const { running, pace } = house;
  if (house.draining) throw new AppError("no_node_available", { reason: "shutting down" });
  const turn = house.turns.reserve(actor.userId);
  let entering = 0;
  try {
    const onlyKept = refusal(deps, actor, running.size + house.entering);
    // Whoever needs no node is in nobody's way.
    entering = onlyKept === null ? 1 : 0;
    house.entering += entering;
    // Where there is no room, what needs no node still comes in, with its refusal.
    if (onlyKept !== null && !asking.isRemembered())
      if (!(await house.looks(() => isKept(deps, actor, asking)))) throw onlyKept;
    const added = await add();
    const { answerId, collectionIds, history } = added;
    await deps.log.open(answerId);
    const answer = createRunningAnswer(deps, answerId);
    running.set(answerId, answer);
    const { question, asksAgain } = asking;
    const told = { answerId, question, collectionIds, history, asksAgain };
    const asked = onlyKept === null ? told : { ...told, onlyKept };
    void drive(deps, { answer, actor, asked, turn, pace })
      .catch((error: unknown) => answer.fail(error))
      .finally(() => running.delete(answerId));
    return { added, events: (signal) => deps.log.read(answerId, 0, signal) };
  } catch (error) {
    turn.leave();
    throw error;
  } finally {
    house.entering -= entering;
  }
}

const isKept = async (
  { isAnsweredAlready }: RunningAnswersDeps,
  actor: Actor,
  { question, asksAgain, context }: AtTheDoor,
): Promise<boolean> => isAnsweredAlready(actor, { question, asksAgain, ...(await context()) });

interface AtTheDoor {
  readonly question: string;
  readonly asksAgain: boolean;
  readonly isRemembered: () => boolean;
  /** What it would be asked of. */
  readonly context: () => Promise<TurnContext>;
}

/** `null` when there is room; the refusal when the cluster is full. Throws what is the person's own doing. */
function refusal(
  { admission, clock }: RunningAnswersDeps,
  actor: Actor,
  underWay: number,
): AppError | null {
  const deadline = milliseconds(clock.now() + answerLimitMs);
  try {
    admission.admit({ class: "interactive", client: actor.userId, deadline, underWay });
    return null;
  } catch (error) {
    if (!isAppError(error, "cluster_saturated")) throw error;
    return error;
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
