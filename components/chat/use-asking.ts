import { useCallback, useEffect, useState } from "react";

import { chatApi } from "#components/api/chat-endpoints.ts";
import { failureOf } from "#components/api/failure.ts";
import type { Collection } from "#components/api/shapes.ts";
import { collections } from "#components/shell/conversations.ts";
import { useSession } from "#components/shell/session.tsx";
import { useStore } from "#components/ui/store.ts";
import { showToast } from "#components/ui/toast.tsx";
import { soon } from "#components/ui/when-idle.ts";

import {
  attachFiles,
  attachments,
  isBeingRead,
  loadAttachments,
  noAttachments,
} from "./attachments-store.ts";
import { askAgain, askFirst, askNext, newChatBecame, newChatId, stopAnswer } from "./chat-store.ts";
import { runningTurn, type ConversationState, type TurnState } from "./conversation-state.ts";
import { loadDrafts, useDraft } from "./drafts.ts";
import { focusNextQuestion } from "./question-focus.ts";

const goTo = (id: string): void => {
  newChatBecame.set(id);
  window.history.pushState(null, "", `/c/${id}`);
};

export const filledOnes = (all: readonly Collection[]): readonly string[] =>
  all.filter(({ documentCount }) => documentCount > 0).map(({ id }) => id);

const usePicked = (
  all: readonly Collection[],
  conversation: ConversationState,
  id: string,
): readonly [readonly string[], (ids: readonly string[]) => void] => {
  const [chosen, setChosen] = useState<readonly string[] | null>(null);
  if (id !== newChatId || conversation.turns.length > 0) {
    return [conversation.collectionIds, setChosen];
  }
  return [chosen ?? filledOnes(all), setChosen];
};

const ask = async (id: string, question: string, picked: readonly string[]): Promise<void> => {
  if (id !== newChatId) {
    await askNext(id, question);
    return;
  }
  await askFirst(question, picked, (created) => {
    if (window.location.pathname === "/") goTo(created);
  });
};

/** Files of the new chat need a conversation to belong to: it begins with them. */
const attach = async (
  id: string,
  picked: readonly string[],
  files: readonly File[],
): Promise<void> => {
  try {
    if (id !== newChatId) {
      await attachFiles(id, files);
      return;
    }
    const { conversation } = await chatApi.prepare(picked);
    goTo(conversation.id);
    await attachFiles(conversation.id, files);
  } catch (error) {
    showToast(failureOf(error).message);
  }
};

/** Not read while an answer is awaited: whatever else the page asks for would come before the evidence. */
const useAttachments = (id: string, isAwaiting: boolean) => {
  const files = useStore(attachments, (all) => all.get(id) ?? noAttachments);
  useEffect(() => {
    if (id !== newChatId && !isAwaiting) soon(() => loadAttachments(id));
  }, [id, isAwaiting]);
  return files;
};

/** Everything that the composer and the transcript do with questions. @param known collections as they came with the page */
export const useAsking = (
  id: string,
  conversation: ConversationState,
  known: readonly Collection[],
) => {
  const { user } = useSession();
  const all = useStore(collections, (state) => state.value) ?? known;
  const [picked, setPicked] = usePicked(all, conversation, id);
  const [draft, setDraft] = useDraft(user.id, id);
  const running = runningTurn(conversation);
  const files = useAttachments(id, running !== null);
  useEffect(loadDrafts, []);
  const waitsForFiles = files.sending.length > 0 || files.documents.some(isBeingRead);
  const somewhere = picked.length > 0 || files.documents.length > 0;
  const canAsk = somewhere && !waitsForFiles && conversation.phase === "ready";
  const isFree = running === null;
  // The same functions while nothing of it changes: each turn of a long chat holds them.
  const onAsk = useCallback(
    (question: string): void => {
      if (question.trim() === "" || !isFree || !canAsk) return;
      focusNextQuestion("question");
      void ask(id, question.trim(), picked);
    },
    [id, picked, isFree, canAsk],
  );
  const onAskAgain = useCallback(
    (turn: TurnState, question: string): void => {
      if (!isFree) return;
      focusNextQuestion("question");
      void askAgain(id, turn, question);
    },
    [id, isFree],
  );
  const onSend = (): void => {
    if (draft.trim() === "" || !canAsk || !isFree) return;
    onAsk(draft);
    setDraft("");
  };
  return {
    ...{ all, picked, setPicked, draft, setDraft, files, waitsForFiles, canAsk },
    ...{ onAsk, onAskAgain, onSend },
    onAttach: (chosen: readonly File[]): void => {
      if (chosen.length > 0) void attach(id, picked, chosen);
    },
    onStop: running === null ? null : () => void stopAnswer(id, running),
    stopping: running?.stopping === true,
  };
};
