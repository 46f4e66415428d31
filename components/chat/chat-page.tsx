"use client";

import { usePathname } from "next/navigation";
import { useEffect, useState, type ReactElement } from "react";

import { useRefreshed } from "#components/api/resource.ts";
import type { Collection } from "#components/api/shapes.ts";
import { collections, conversations } from "#components/shell/conversations.ts";
import { useSession } from "#components/shell/session.tsx";
import { StatusLine } from "#components/shell/status-line.tsx";
import { Button } from "#components/ui/button.tsx";
import { Notice } from "#components/ui/notice.tsx";
import { useStore } from "#components/ui/store.ts";
import { demoProgress, resumeDemo } from "#components/documents/demo.ts";
import { forgetViewer } from "#components/viewer/viewer-state.ts";

import {
  askFirst,
  askNext,
  chats,
  loadConversation,
  newChatBecame,
  newChatId,
  openConversation,
  stopAnswer,
  withdraw,
} from "./chat-store.ts";
import { CollectionPicker } from "./collection-picker.tsx";
import { Composer } from "./composer.tsx";
import {
  emptyConversation,
  loadingConversation,
  runningTurn,
  type ConversationState,
  type TurnState,
} from "./conversation-state.ts";
import css from "./chat-page.module.css";
import { EmptyWorkspace } from "./empty-workspace.tsx";
import { FirstScreen } from "./first-screen.tsx";
import { Transcript } from "./transcript.tsx";
import { useDraft } from "./drafts.ts";
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

const useConversation = (id: string): ConversationState => {
  const missing = id === newChatId ? emptyConversation : loadingConversation;
  const state = useStore(chats, (all) => all.get(id)) ?? missing;
  useEffect(() => {
    forgetViewer();
    if (id !== newChatId) void openConversation(id);
  }, [id]);
  return state;
};

const goTo = (id: string): void => {
  newChatBecame.set(id);
  window.history.pushState(null, "", `/c/${id}`);
};

const Failed = ({
  id,
  conversation,
}: {
  readonly id: string;
  readonly conversation: ConversationState;
}): ReactElement => {
  const missing = conversation.failure?.code === "not_found";
  return (
    <div className={css["middle"]}>
      <Notice
        tone="bad"
        code={conversation.failure?.requestId ?? null}
        action={
          missing ? undefined : (
            <Button onClick={() => void loadConversation(id)}>{words.openAgain}</Button>
          )
        }
      >
        {missing ? words.notFound : conversation.failure?.message}
      </Notice>
    </div>
  );
};

const filledOnes = (all: readonly Collection[]): readonly string[] =>
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

/** A question may be quicker than the list of collections; then it waits for it. */
const ask = async (
  id: string,
  question: string,
  picked: readonly string[] | null,
): Promise<void> => {
  if (id !== newChatId) {
    await askNext(id, question);
    return;
  }
  if (picked === null) await collections.refresh();
  await askFirst(question, picked ?? filledOnes(collections.get().value ?? []), (created) => {
    if (window.location.pathname === "/") goTo(created);
  });
};

const Middle = ({
  id,
  conversation,
  all,
  picked,
  onAsk,
}: {
  readonly id: string;
  readonly conversation: ConversationState;
  readonly all: readonly Collection[] | null;
  readonly picked: readonly string[];
  readonly onAsk: (question: string) => void;
}): ReactElement | null => {
  const { user } = useSession();
  const demo = useStore(demoProgress, (value) => value);
  if (conversation.phase === "failed") return <Failed id={id} conversation={conversation} />;
  if (conversation.turns.length > 0) {
    return (
      <Transcript
        key={conversation.turns[0]?.key}
        id={id}
        conversation={conversation}
        searched={(all ?? []).filter((one) => picked.includes(one.id)).map((one) => one.name)}
        onRetry={(question) => {
          if (id === newChatId) onAsk(question);
          else void askNext(id, question, true);
        }}
        onResend={(turn: TurnState) => {
          withdraw(id, turn.key);
          onAsk(turn.question);
        }}
      />
    );
  }
  if (conversation.phase === "loading" || all === null) {
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

const useDemoResumed = (all: readonly Collection[] | null): void => {
  const demoId = all?.find((one) => one.isDemo)?.id;
  useEffect(() => {
    if (demoId !== undefined) void resumeDemo(demoId);
  }, [demoId]);
};

const useAsking = (id: string, conversation: ConversationState) => {
  const all = useStore(collections, (state) => state.value);
  const [picked, setPicked] = usePicked(all ?? [], conversation, id);
  const [draft, setDraft] = useDraft(id);
  const running = runningTurn(conversation);
  const canAsk = (all === null || picked.length > 0) && conversation.phase === "ready";
  const onAsk = (question: string): void => {
    if (question.trim() === "" || running !== null || !canAsk) return;
    void ask(id, question.trim(), all === null ? null : picked);
  };
  const onSend = (): void => {
    if (draft.trim() === "" || !canAsk) return;
    onAsk(draft);
    setDraft("");
  };
  const onStop = running === null ? null : () => void stopAnswer(id, running);
  const stopping = running?.stopping === true;
  return { all, picked, setPicked, draft, setDraft, canAsk, onAsk, onSend, onStop, stopping };
};

/** The chat: a conversation above, the composer below. */
export const ChatPage = (): ReactElement => {
  const id = useConversationId();
  const conversation = useConversation(id);
  const { all, picked, setPicked, draft, setDraft, ...asking } = useAsking(id, conversation);
  useRefreshed(collections);
  useRefreshed(conversations);
  useChatKeys(asking.onStop);
  useDemoResumed(all);
  const begun = conversation.turns.length > 0 || id !== newChatId;
  const picker =
    all === null || filledOnes(all).length === 0 ? null : (
      <CollectionPicker all={all} picked={picked} onPick={begun ? null : setPicked} />
    );
  return (
    <div className={css["chat"]}>
      <Middle id={id} conversation={conversation} all={all} picked={picked} onAsk={asking.onAsk} />
      <div className={css["dock"]}>
        <StatusLine />
        <Composer
          text={draft}
          onText={setDraft}
          onSend={asking.onSend}
          onStop={asking.onStop}
          stopping={asking.stopping}
          lastQuestion={conversation.turns.at(-1)?.question ?? null}
          canAsk={asking.canAsk}
          picker={picker}
        />
      </div>
    </div>
  );
};
