import { chatApi } from "#components/api/chat-endpoints.ts";
import { followTopic } from "#components/api/browser-events.ts";
import { api } from "#components/api/endpoints.ts";
import type { EventFrames } from "#components/api/event-frames.ts";
import { failureOf } from "#components/api/failure.ts";
import type { Started } from "#components/api/request.ts";
import { conversations, serverStatus } from "#components/shell/conversations.ts";
import { announce } from "#components/ui/announcer.tsx";
import { showToast } from "#components/ui/toast.tsx";
import { whenIdle } from "#components/ui/when-idle.ts";
import { createStore } from "#components/ui/store.ts";
import { loadSourceViewer } from "#components/viewer/source-panel.tsx";

import { loadFormatting } from "./answer-text.tsx";
import { followAnswer, readResponse, type AnswerStream } from "./answer-stream.ts";
import {
  addAsked,
  askedTurn,
  changeTurn,
  emptyConversation,
  loadingConversation,
  mergeStored,
  replaceFrom,
  type ConversationState,
  type TurnState,
} from "./conversation-state.ts";
import { isRunning } from "./live-answer.ts";
import { sayFinished } from "./words.ts";

/** The conversation that is not on the server yet. */
export const newChatId = "";

const reopenMs = 3_000;
/** A short answer comes whole in the response to its question; a longer one goes on over the connection that all tabs share. */
const handOverMs = 1_500;

const handOver = (begin: () => void): (() => void) => {
  const timer = setTimeout(begin, handOverMs);
  return () => {
    clearTimeout(timer);
  };
};

/** What the new chat on the page became, until the address says so too: the page shows it at once and only once. */
export const newChatBecame = createStore<string | null>(null);

export const chats = createStore<ReadonlyMap<string, ConversationState>>(new Map());
const streams = new Map<string, AnswerStream>();
let lastKey = 0;

const change = (id: string, next: (state: ConversationState) => ConversationState): void => {
  chats.set((all) => new Map(all).set(id, next(all.get(id) ?? emptyConversation)));
};

export const changeOne = (id: string, key: string, next: (turn: TurnState) => TurnState): void => {
  change(id, (state) => changeTurn(state, key, next));
};

const findTurn = (id: string, key: string): TurnState | undefined =>
  chats
    .get()
    .get(id)
    ?.turns.find((turn) => turn.key === key);

const finished = (id: string, key: string): void => {
  const turn = findTurn(id, key);
  if (turn === undefined) return;
  changeOne(id, key, (old) => ({
    ...old,
    endedAtMs: old.endedAtMs ?? Date.now(),
    stopping: false,
  }));
  announce(sayFinished(turn.live.snapshot));
  void conversations.refresh();
};

const rejoin = async (id: string, key: string): Promise<void> => {
  await loadConversation(id);
  const turn = findTurn(id, key);
  if (turn === undefined) return;
  if (!isRunning(turn.live)) finished(id, key);
};

/** The first events may come in the response to the question, as `frames`. */
const follow = (id: string, turn: TurnState, frames: EventFrames | null = null): void => {
  const { answerId, key } = turn;
  if (answerId === null || streams.has(answerId)) {
    frames?.cancel();
    return;
  }
  let unread = frames;
  const stream = followAnswer(turn.live, {
    open: (after, listener) => {
      const reopen = (from: number) => followTopic(`answers/${answerId}`, from, listener);
      if (unread === null) return reopen(after);
      const response = readResponse(unread, listener, reopen, handOver);
      unread = null;
      return response;
    },
    onChange: (live) => {
      changeOne(id, key, (old) => ({ ...old, live }));
    },
    onConnection: (connection) => {
      changeOne(id, key, (old) => ({ ...old, connection }));
      if (connection === "lost") void serverStatus.refresh();
    },
    onOver: (how) => {
      streams.delete(answerId);
      if (how === "ended") {
        finished(id, key);
        return;
      }
      changeOne(id, key, (old) => ({ ...old, connection: "lost" }));
      setTimeout(() => void rejoin(id, key), turn.live.seq === 0 ? 0 : reopenMs);
    },
  });
  streams.set(answerId, stream);
};

/** Begun on this page, which therefore knows all of them. */
const created = new Set<string>();

/** Joins the answers of a conversation that still run. */
const followRunning = (id: string): void => {
  for (const turn of chats.get().get(id)?.turns ?? []) {
    if (isRunning(turn.live) && turn.answerId !== null) follow(id, turn);
  }
};

/**
 * Shows a conversation: one that was begun here a moment ago, or came whole with the page, needs no reading.
 * @param known what of it came with the page
 */
export const openConversation = async (
  id: string,
  known: ConversationState | null,
): Promise<void> => {
  if (known !== null && !chats.get().has(id)) {
    change(id, () => known);
    if (!known.isPart) {
      followRunning(id);
      whenIdle(loadSourceViewer);
      return;
    }
  }
  if (!created.delete(id)) await loadConversation(id);
};

/** Reads a conversation and joins the answers in it that still run. */
export const loadConversation = async (id: string): Promise<void> => {
  if (!chats.get().has(id)) change(id, () => loadingConversation);
  try {
    // The text appears formatted at once: nothing moves when the formatter comes.
    const [{ conversation, turns }] = await Promise.all([api.conversation(id), loadFormatting()]);
    void loadSourceViewer();
    change(id, (state) => mergeStored(state, conversation, turns));
  } catch (error) {
    const failure = failureOf(error);
    change(id, (state) =>
      state.turns.length > 0 && failure.code !== "not_found"
        ? { ...state, failure: state.isPart ? failure : null }
        : { ...state, phase: "failed", failure },
    );
    if (failure.code === "not_found") return;
    setTimeout(() => void retryOpen(id), reopenMs);
    return;
  }
  followRunning(id);
};

/** A page that lacks turns, or whose answers still run, goes on trying while the server is away. */
const retryOpen = async (id: string): Promise<void> => {
  const state = chats.get().get(id) ?? emptyConversation;
  const runs = state.turns.some((turn) => turn.answerId !== null && isRunning(turn.live));
  if (state.isPart || runs) await loadConversation(id);
};

const addTurn = (id: string, question: string): TurnState => {
  lastKey += 1;
  void loadFormatting();
  void loadSourceViewer();
  const turn = askedTurn(`asked-${String(lastKey)}`, question, Date.now());
  change(id, (state) => addAsked(state, turn));
  return turn;
};

const refuse = (id: string, key: string, error: unknown): void => {
  const failure = failureOf(error);
  changeOne(id, key, (old) => ({ ...old, failure }));
  announce(failure.message);
  void serverStatus.refresh();
};

const accept = (
  id: string,
  key: string,
  { started: { answerId }, frames }: Started<{ readonly answerId: string }>,
): void => {
  // The server counts an answer among those at its place from the first one on.
  changeOne(id, key, (old) => ({ ...old, answerId, siblings: [...old.siblings, answerId] }));
  const turn = findTurn(id, key);
  if (turn === undefined) {
    frames.cancel();
    return;
  }
  follow(id, turn, frames);
  // Stop was pressed before the server had given the answer its id.
  if (turn.stopping) void sendStop(id, turn.key, answerId);
};

/** Asks the first question of a new conversation; `onCreated` hears its id as soon as the server has it. */
export const askFirst = async (
  question: string,
  collectionIds: readonly string[],
  onCreated: (conversationId: string) => void,
): Promise<void> => {
  change(newChatId, (state) => ({ ...state, collectionIds }));
  const turn = addTurn(newChatId, question);
  try {
    const answer = await api.startConversation({ question, collectionIds });
    const { conversation } = answer.started;
    const { id, title } = conversation;
    const asked = chats.get().get(newChatId) ?? emptyConversation;
    chats.set((all) => {
      const next = new Map(all).set(id, { ...asked, title });
      next.delete(newChatId);
      return next;
    });
    created.add(id);
    onCreated(id);
    accept(id, turn.key, answer);
    conversations.update((list) => [conversation, ...list.filter((other) => other.id !== id)]);
  } catch (error) {
    refuse(newChatId, turn.key, error);
  }
};

export const askNext = async (id: string, question: string): Promise<void> => {
  const turn = addTurn(id, question);
  try {
    accept(id, turn.key, await api.ask(id, question));
  } catch (error) {
    refuse(id, turn.key, error);
  }
};

/** Asks at the place of a turn that is there: its answer, and what followed it, stay as another branch. */
export const askAgain = async (id: string, turn: TurnState, question: string): Promise<void> => {
  if (turn.answerId === null) return;
  lastKey += 1;
  const asked = {
    ...askedTurn(`asked-${String(lastKey)}`, question, Date.now()),
    siblings: turn.siblings,
  };
  change(id, (state) => replaceFrom(state, turn.key, asked));
  try {
    // The same words again mean that the answer was not good enough: a cached one would be the same.
    const asksAgain = question === turn.question;
    accept(id, asked.key, await api.askAgain(id, { question, replaces: turn.answerId, asksAgain }));
  } catch (error) {
    refuse(id, asked.key, error);
  }
};

/** Shows the newest branch through another answer at the same place. */
export const showBranch = async (id: string, answerId: string): Promise<void> => {
  try {
    await chatApi.showBranch(id, answerId);
    await loadConversation(id);
  } catch (error) {
    showToast(failureOf(error).message);
  }
};

/** Takes a question that never reached the server off the page, to be asked again. */
export const withdraw = (id: string, key: string): void => {
  change(id, (state) => ({ ...state, turns: state.turns.filter((turn) => turn.key !== key) }));
};

const sendStop = async (id: string, key: string, answerId: string): Promise<void> => {
  try {
    await api.stopAnswer(answerId);
  } catch (error) {
    changeOne(id, key, (old) => ({ ...old, stopping: false }));
    announce(failureOf(error).message);
  }
};

export const stopAnswer = async (id: string, turn: TurnState): Promise<void> => {
  if (turn.stopping) return;
  changeOne(id, turn.key, (old) => ({ ...old, stopping: true }));
  if (turn.answerId !== null) await sendStop(id, turn.key, turn.answerId);
};
