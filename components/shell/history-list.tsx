"use client";

import { usePathname, useRouter } from "next/navigation";
import { useState, type MouseEvent, type ReactElement } from "react";

import type { Conversation } from "#components/api/shapes.ts";
import { Button, IconButton } from "#components/ui/button.tsx";
import { useSlowNow } from "#components/ui/clock.ts";
import { Menu } from "#components/ui/menu.tsx";
import { useStore } from "#components/ui/store.ts";
import { sayExactly } from "#components/ui/time-words.ts";

import { conversations, removeConversation } from "./conversations.ts";
import css from "./history-list.module.css";
import { groupHistory } from "./history-groups.ts";
import { RenameDialog } from "./rename-dialog.tsx";
import { words } from "./words.ts";

const isPlainClick = (event: MouseEvent): boolean =>
  event.button === 0 && !event.metaKey && !event.ctrlKey && !event.shiftKey && !event.altKey;

/** Within the chat an address changes in place; from another page the chat has to be loaded. */
export const useOpenChat = (onOpened: () => void): ((path: string) => void) => {
  const here = usePathname();
  const router = useRouter();
  return (path) => {
    if (here === "/" || here.startsWith("/c/")) window.history.pushState(null, "", path);
    else router.push(path);
    onOpened();
  };
};

const HistoryRow = ({
  conversation,
  current,
  onOpen,
  onRename,
}: {
  readonly conversation: Conversation;
  readonly current: boolean;
  readonly onOpen: (path: string) => void;
  readonly onRename: (conversation: Conversation) => void;
}): ReactElement => {
  const path = `/c/${conversation.id}`;
  const remove = (): void => {
    if (current) onOpen("/");
    removeConversation(conversation);
  };
  return (
    <li className={css["row"]}>
      <a
        href={path}
        className={css["link"]}
        aria-current={current ? "page" : undefined}
        title={`${conversation.title}\n${sayExactly(Date.parse(conversation.updatedAt))}`}
        onClick={(event) => {
          if (!isPlainClick(event)) return;
          event.preventDefault();
          onOpen(path);
        }}
      >
        {conversation.title}
      </a>
      <Menu
        label={words.more(conversation.title)}
        items={[
          {
            label: words.rename,
            icon: "pencil",
            run: () => {
              onRename(conversation);
            },
          },
          { label: words.delete, icon: "trash", run: remove, dangerous: true },
        ]}
        trigger={(props) => (
          <IconButton
            {...props}
            icon="more"
            label={words.more(conversation.title)}
            className={css["more"]}
          />
        )}
      />
    </li>
  );
};

/** The person's chats, the newest first, under the day or month of their last question. */
export const HistoryList = ({ onOpened }: { readonly onOpened: () => void }): ReactElement => {
  const { value, failure } = useStore(conversations, (state) => state);
  const nowMs = useSlowNow();
  const here = usePathname();
  const open = useOpenChat(onOpened);
  const [renamed, setRenamed] = useState<Conversation | null>(null);
  if (value === null) {
    return failure === null ? (
      <div className={css["note"]} />
    ) : (
      <div className={css["note"]}>
        <p>{words.historyFailed}</p>
        <Button onClick={() => void conversations.refresh()}>{words.tryAgain}</Button>
      </div>
    );
  }
  if (value.length === 0) return <p className={css["note"]}>{words.noHistory}</p>;
  return (
    <div className={css["history"]}>
      {groupHistory(value, nowMs ?? 0).map((group) => (
        <section key={group.label}>
          <h3 className={css["group"]}>{group.label}</h3>
          <ul>
            {group.conversations.map((conversation) => (
              <HistoryRow
                key={conversation.id}
                conversation={conversation}
                current={here === `/c/${conversation.id}`}
                onOpen={open}
                onRename={setRenamed}
              />
            ))}
          </ul>
        </section>
      ))}
      {renamed === null ? null : (
        <RenameDialog
          conversation={renamed}
          onClose={() => {
            setRenamed(null);
          }}
        />
      )}
    </div>
  );
};
