"use client";

import { usePathname } from "next/navigation";
import { useCallback, useEffect, useMemo, type ReactElement } from "react";

import { useRefreshed } from "#components/api/resource.ts";
import type { Collection, OpenedChat } from "#components/api/shapes.ts";
import { chatHere } from "#components/shell/chat-here.ts";
import { collections, conversations } from "#components/shell/conversations.ts";
import { useSession } from "#components/shell/session.tsx";
import { StatusLine } from "#components/shell/status-line.tsx";
import { Button } from "#components/ui/button.tsx";
import { Notice } from "#components/ui/notice.tsx";
import { useStore } from "#components/ui/store.ts";
import { demoProgress, resumeDemo } from "#components/documents/demo.ts";
import { forgetViewer } from "#components/viewer/viewer-state.ts";

import { AbsentChat } from "./absent-chat.tsx";
import { AttachmentList } from "./attachment-list.tsx";
import {
  chats,
  loadConversation,
  newChatBecame,
  newChatId,
  openConversation,
  withdraw,
} from "./chat-store.ts";
import { CollectionPicker } from "./collection-picker.tsx";
import { Composer } from "./composer.tsx";
import {
  emptyConversation,
  loadingConversation,
  openedConversation,
  type ConversationState,
  type TurnState,
} from "./conversation-state.ts";
import css from "./chat-page.module.css";
import { EmptyWorkspace } from "./empty-workspace.tsx";
import { FirstScreen } from "./first-screen.tsx";
import { Transcript } from "./transcript.tsx";
import { rewriteQuestion } from "./question.tsx";
import { filledOnes, useAsking } from "./use-asking.ts";
import { useFileDrop } from "./use-file-drop.ts";
import { useChatKeys } from "./chat-keys.ts";
import { words } from "./words.ts";

/** The conversation in the address; empty for a new chat. */
const useConversationId = (): string => {
  const path = usePathname();
  const became = useStore(newChatBecame, (id) => id);
  const inAddress = /^\/c\/([^/]+)$/u.exec(path)?.[1];
  useEffect(() => {
    if (inAddress !== undefined) newChatBecame.set(null);
  }, [inAddress]);
  return inAddress ?? became ?? newChatId;
};

const useConversation = (id: string, opened: OpenedChat | null): ConversationState => {
  const known = useMemo(
    () => (opened?.conversation.id === id ? openedConversation(opened) : null),
    [opened, id],
  );
  const missing = id === newChatId ? emptyConversation : (known ?? loadingConversation);
  // Within the selection: that the store gets what the page shows already is no change.
  const state = useStore(chats, (all) => all.get(id) ?? missing);
  useEffect(() => {
    forgetViewer();
    if (id !== newChatId) void openConversation(id, known);
  }, [id, known]);
  return state;
};

const Failed = ({
  id,
  conversation,
}: {
  readonly id: string;
  readonly conversation: ConversationState;
}): ReactElement => {
  if (conversation.failure?.code === "not_found") return <AbsentChat />;
  return (
    <div className={css["middle"]}>
      <Notice
        tone="bad"
        code={conversation.failure?.requestId ?? null}
        action={<Button onClick={() => void loadConversation(id)}>{words.openAgain}</Button>}
      >
        {conversation.failure?.message}
      </Notice>
    </div>
  );
};

/** Chats change without a new page, and so does what the tab is called. */
const useTabTitle = (id: string, { title }: ConversationState): void => {
  const renamed = useStore(
    conversations,
    ({ value }) => value?.find((one) => one.id === id)?.title,
  );
  const shown = renamed ?? title;
  useEffect(() => {
    const unnamed = id === newChatId ? words.newChat : words.aChat;
    document.title = words.tabTitle(shown === "" ? unnamed : shown);
  }, [id, shown]);
};

/** Others know that they can open a chat in this place. */
const useChatHere = (): void => {
  useEffect(() => {
    chatHere.set(true);
    return () => {
      chatHere.set(false);
    };
  }, []);
};

/** Names of what is searched: the same list until it says something else, for each turn of a long chat holds it. */
const useSearched = (all: readonly Collection[], picked: readonly string[]): readonly string[] => {
  const names = JSON.stringify(all.filter((one) => picked.includes(one.id)).map((one) => one.name));
  return useMemo(() => JSON.parse(names) as readonly string[], [names]);
};

const useResend = (id: string, onAsk: (question: string) => void) =>
  useCallback(
    (turn: TurnState): void => {
      withdraw(id, turn.key);
      onAsk(turn.question);
    },
    [id, onAsk],
  );

const Middle = ({
  id,
  conversation,
  all,
  picked,
  onAsk,
  onAskAgain,
}: {
  readonly id: string;
  readonly conversation: ConversationState;
  readonly all: readonly Collection[];
  readonly picked: readonly string[];
  readonly onAsk: (question: string) => void;
  readonly onAskAgain: (turn: TurnState, question: string) => void;
}): ReactElement | null => {
  const { user } = useSession();
  const demo = useStore(demoProgress, (value) => value);
  const searched = useSearched(all, picked);
  const onResend = useResend(id, onAsk);
  if (conversation.phase === "failed") return <Failed id={id} conversation={conversation} />;
  if (conversation.turns.length > 0) {
    return (
      <Transcript
        key={conversation.key}
        id={id}
        conversation={conversation}
        searched={searched}
        onAsk={onAsk}
        onAskAgain={onAskAgain}
        onResend={onResend}
      />
    );
  }
  if (conversation.phase === "loading") {
    return (
      <p className={css["loading"]} role="status">
        {id === newChatId ? "" : `${words.loading}…`}
      </p>
    );
  }
  const empty = all.every((one) => one.documentCount === 0);
  if (empty || demo.phase !== "idle") {
    const mayAdd = user.role === "admin" || all.some((one) => one.right !== "read");
    return (
      <div className={css["screen"]}>
        <EmptyWorkspace mayAdd={mayAdd} mayAddDemo={user.role === "admin"} />
      </div>
    );
  }
  return (
    <div className={css["screen"]}>
      <FirstScreen collections={all} picked={picked} onAsk={onAsk} />
    </div>
  );
};

const useDemoResumed = (all: readonly Collection[]): void => {
  const demoId = all.find((one) => one.isDemo)?.id;
  useEffect(() => {
    if (demoId !== undefined) void resumeDemo(demoId);
  }, [demoId]);
};

/**
 * The chat: a conversation above, the composer below. Files dropped anywhere on it are attached.
 * @param known the collections as the server has them when it paints: the first screen waits for no script
 * @param opened the chat that the address names, as far as it is painted without script
 */
export const ChatPage = ({
  known,
  opened = null,
}: {
  readonly known: readonly Collection[];
  readonly opened?: OpenedChat | null;
}): ReactElement => {
  const id = useConversationId();
  const conversation = useConversation(id, opened);
  const { all, picked, setPicked, ...asking } = useAsking(id, conversation, known);
  const { over, ...drop } = useFileDrop(asking.onAttach);
  useRefreshed(collections);
  useChatKeys(asking.onStop);
  useChatHere();
  useTabTitle(id, conversation);
  useDemoResumed(all);
  const begun = conversation.turns.length > 0 || id !== newChatId;
  const last = conversation.turns.at(-1);
  const picker =
    filledOnes(all).length === 0 ? null : (
      <CollectionPicker all={all} picked={picked} onPick={begun ? null : setPicked} />
    );
  return (
    <div className={css["chat"]} {...drop}>
      <Middle
        id={id}
        conversation={conversation}
        all={all}
        picked={picked}
        onAsk={asking.onAsk}
        onAskAgain={asking.onAskAgain}
      />
      <div className={css["dock"]}>
        <StatusLine />
        {asking.waitsForFiles ? <p className={css["hint"]}>{words.waitForFiles}</p> : null}
        <Composer
          text={asking.draft}
          onText={asking.setDraft}
          onSend={asking.onSend}
          onStop={asking.onStop}
          stopping={asking.stopping}
          onEditLast={
            last?.answerId == null
              ? null
              : () => {
                  rewriteQuestion(last.key);
                }
          }
          canAsk={asking.canAsk}
          picker={picker}
          onAttach={asking.onAttach}
          attached={<AttachmentList conversationId={id} files={asking.files} />}
        />
      </div>
      {over ? <div className={css["drop"]}>{words.dropHere}</div> : null}
    </div>
  );
};
