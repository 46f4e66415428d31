import { chatApi, type ConversationChange } from "#components/api/chat-endpoints.ts";
import { api } from "#components/api/endpoints.ts";
import { failureOf } from "#components/api/failure.ts";
import { createResource } from "#components/api/resource.ts";
import type { Collection, Conversation, ServerStatus } from "#components/api/shapes.ts";
import { createStore } from "#components/ui/store.ts";
import { showToast, withUndo } from "#components/ui/toast.tsx";

import { words } from "./words.ts";

/** For how many days chats without a new question are kept; 0 = for ever. */
export const keptDays = createStore(0);

export const conversations = createResource<readonly Conversation[]>(async () => {
  const { conversations: list, keptDays: days } = await api.conversations();
  keptDays.set(days);
  return list.filter((conversation) => !leaving.has(conversation.id));
});

export const collections = createResource<readonly Collection[]>(async () => {
  const { collections: list } = await api.collections();
  return list;
});

export const serverStatus = createResource<ServerStatus>(() => api.status());

/** Deleted here, not yet on the server: kept out of the list while undo is offered. */
const leaving = new Set<string>();

/** Shows the change at once, and what was before when the server does not take it. */
export const changeConversation = async (id: string, part: ConversationChange): Promise<void> => {
  const before = conversations.get().value;
  conversations.update((list) =>
    list.map((conversation) =>
      conversation.id === id ? { ...conversation, ...part } : conversation,
    ),
  );
  try {
    await chatApi.change(id, part);
  } catch (error) {
    if (before !== null) conversations.update(() => before);
    showToast(failureOf(error).message);
  }
};

const commitRemoval = async (id: string, keepalive: boolean): Promise<void> => {
  try {
    await api.removeConversation(id, keepalive);
  } catch (error) {
    leaving.delete(id);
    showToast(failureOf(error).message);
    void conversations.refresh();
  }
};

export const archiveConversation = (conversation: Conversation): void => {
  const { id, title, archived } = conversation;
  void changeConversation(id, { archived: !archived });
  showToast(archived ? words.unarchived(title) : words.archived(title), {
    label: words.undo,
    run: () => void changeConversation(id, { archived }),
  });
};

/** @param onUndone what else is taken back, such as that the page left the chat */
export const removeConversation = (conversation: Conversation, onUndone: () => void): void => {
  leaving.add(conversation.id);
  conversations.update((list) => list.filter(({ id }) => id !== conversation.id));
  withUndo({
    text: words.deleted(conversation.title),
    undoLabel: words.undo,
    undo: () => {
      leaving.delete(conversation.id);
      void conversations.refresh();
      onUndone();
    },
    commit: (pageCloses) => void commitRemoval(conversation.id, pageCloses),
  });
};
