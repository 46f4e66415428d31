import type { Conversation, OpenedChat, StoredTurn } from "#components/api/shapes.ts";
import type { Failure } from "#components/api/failure.ts";
import { unlessSame } from "#components/api/unless-same.ts";

import { keepBlocks } from "./known-blocks.ts";
import { newAnswer, storedAnswer, type LiveAnswer } from "./live-answer.ts";

/** A question with its answer, from the moment Enter was pressed. */
export interface TurnState {
  /** Stays the same from the first paint on. */
  readonly key: string;
  /** `null` until the server has accepted the question. */
  readonly answerId: string | null;
  /** Answers at this place of the conversation, itself among them once the server has it. */
  readonly siblings: readonly string[];
  readonly question: string;
  readonly live: LiveAnswer;
  readonly rating: "up" | "down" | null;
  readonly askedAtMs: number;
  readonly endedAtMs: number | null;
  /** Why the question did not reach the server. */
  readonly failure: Failure | null;
  readonly connection: "steady" | "lost";
  readonly stopping: boolean;
}

export interface ConversationState {
  /** Of what is on the page: another one begins at its own end. */
  readonly key: string;
  readonly phase: "loading" | "ready" | "failed";
  /** As it came with the page: earlier turns may still be on their way. */
  readonly isPart: boolean;
  /** Why it, or the rest of it, could not be read. */
  readonly failure: Failure | null;
  readonly title: string;
  readonly collectionIds: readonly string[];
  readonly turns: readonly TurnState[];
}

export const emptyConversation: ConversationState = {
  key: "",
  phase: "ready",
  isPart: false,
  failure: null,
  title: "",
  collectionIds: [],
  turns: [],
};

export const loadingConversation: ConversationState = { ...emptyConversation, phase: "loading" };

export const askedTurn = (key: string, question: string, nowMs: number): TurnState => ({
  key,
  answerId: null,
  siblings: [],
  question,
  live: newAnswer,
  rating: null,
  askedAtMs: nowMs,
  endedAtMs: null,
  failure: null,
  connection: "steady",
  stopping: false,
});

const fromStored = (stored: StoredTurn, known: TurnState | undefined): TurnState => {
  const kept = known?.live ?? newAnswer;
  const turn: TurnState = {
    key: known?.key ?? stored.answerId,
    answerId: stored.answerId,
    siblings: stored.siblings,
    question: stored.question,
    live:
      stored.outcome === "running" || stored.snapshot === null
        ? kept
        : { ...storedAnswer(stored.snapshot), seq: kept.seq },
    rating: stored.rating,
    askedAtMs: Date.parse(stored.startedAt),
    endedAtMs: stored.endedAt === null ? null : Date.parse(stored.endedAt),
    failure: null,
    connection: "steady",
    stopping: false,
  };
  return unlessSame(turn, known);
};

/** A turn that nobody on this page asked. */
export const storedTurn = (stored: StoredTurn): TurnState => fromStored(stored, undefined);

/** The conversation as the server stores it, keeping what this page knows better: running answers and questions not yet accepted. */
export const mergeStored = (
  before: ConversationState,
  conversation: Conversation,
  stored: readonly StoredTurn[],
): ConversationState => {
  const known = new Map(before.turns.map((turn) => [turn.answerId, turn]));
  return {
    key: before.turns.length === 0 ? conversation.id : before.key,
    phase: "ready",
    isPart: false,
    failure: null,
    title: conversation.title,
    collectionIds: unlessSame(conversation.collectionIds, before.collectionIds),
    turns: [
      ...stored.map((turn) => fromStored(turn, known.get(turn.answerId))),
      ...before.turns.filter((turn) => turn.answerId === null),
    ],
  };
};

/** A conversation as it came with its page. */
export const openedConversation = ({
  conversation,
  turns,
  isWhole,
  blocks,
}: OpenedChat): ConversationState => {
  const state = mergeStored(loadingConversation, conversation, turns);
  for (const { answerId, live } of state.turns) {
    const read = answerId === null ? undefined : blocks[answerId];
    if (read !== undefined) keepBlocks(live.snapshot, read);
  }
  return { ...state, isPart: !isWhole };
};

/** With a question that nobody has answered yet. */
export const addAsked = (state: ConversationState, turn: TurnState): ConversationState => ({
  ...state,
  key: state.turns.length === 0 ? turn.key : state.key,
  phase: "ready",
  turns: [...state.turns, turn],
});

export const changeTurn = (
  conversation: ConversationState,
  key: string,
  change: (turn: TurnState) => TurnState,
): ConversationState => ({
  ...conversation,
  turns: conversation.turns.map((turn) => (turn.key === key ? change(turn) : turn)),
});

/** A question asked again at the place of `key`: what followed there is another branch now. */
export const replaceFrom = (
  conversation: ConversationState,
  key: string,
  turn: TurnState,
): ConversationState => {
  const at = conversation.turns.findIndex((one) => one.key === key);
  const kept = at === -1 ? conversation.turns : conversation.turns.slice(0, at);
  return { ...conversation, turns: [...kept, turn] };
};

/** The last turn while its answer is still being made. */
export const runningTurn = (conversation: ConversationState): TurnState | null => {
  const last = conversation.turns.at(-1);
  if (last?.failure !== null) return null;
  return last.live.snapshot.outcome === "running" ? last : null;
};
