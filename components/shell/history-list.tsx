"use client";

import { usePathname, useRouter } from "next/navigation";
import { useState, type MouseEvent, type ReactElement } from "react";

import { exportPath } from "#components/api/chat-endpoints.ts";
import type { Conversation } from "#components/api/shapes.ts";
import { Button, IconButton } from "#components/ui/button.tsx";
import { useSlowNow } from "#components/ui/clock.ts";
import { Menu, type MenuItem } from "#components/ui/menu.tsx";
import { useStore } from "#components/ui/store.ts";
import { sayExactly } from "#components/ui/time-words.ts";

import { chatHere } from "./chat-here.ts";
import {
  archiveConversation,
  changeConversation,
  conversations,
  keptDays,
  removeConversation,
} from "./conversations.ts";
import { focusNeighbour } from "./history-focus.ts";
import css from "./history-list.module.css";
import { groupHistory, sortHistory } from "./history-groups.ts";
import { RenameDialog } from "./rename-dialog.tsx";
import { ShareDialog } from "./share-dialog.tsx";
import { words } from "./words.ts";

const isPlainClick = (event: MouseEvent): boolean =>
  event.button === 0 && !event.metaKey && !event.ctrlKey && !event.shiftKey && !event.altKey;

/** Within the chat an address changes in place; from another page the chat has to be loaded. */
export const useOpenChat = (onOpened: () => void): ((path: string) => void) => {
  const router = useRouter();
  return (path) => {
    if (chatHere.get()) window.history.pushState(null, "", path);
    else router.push(path);
    onOpened();
  };
};

type Opened =
  | { readonly kind: "rename"; readonly conversation: Conversation }
  | { readonly kind: "share"; readonly conversation: Conversation };

/** The browser saves the file under the name that the server gives it. */
const saveFile = (path: string): void => {
  const link = document.createElement("a");
  link.href = path;
  link.download = "";
  link.click();
};

const actionsFor = (
  conversation: Conversation,
  {
    remove,
    archive,
    open,
  }: {
    readonly remove: () => void;
    readonly archive: () => void;
    readonly open: (opened: Opened) => void;
  },
): readonly MenuItem[] => {
  const { id, pinned, archived } = conversation;
  return [
    {
      label: words.rename,
      icon: "pencil",
      run: () => {
        open({ kind: "rename", conversation });
      },
    },
    {
      label: pinned ? words.unpin : words.pin,
      icon: "pin",
      run: () => void changeConversation(id, { pinned: !pinned }),
    },
    {
      label: words.share,
      icon: "share",
      run: () => {
        open({ kind: "share", conversation });
      },
    },
    {
      label: words.exportMarkdown,
      icon: "download",
      run: () => {
        saveFile(exportPath(id, "markdown"));
      },
    },
    {
      label: words.exportJson,
      icon: "download",
      run: () => {
        saveFile(exportPath(id, "json"));
      },
    },
    {
      label: archived ? words.unarchive : words.archive,
      icon: "archive",
      run: archive,
    },
    { label: words.delete, icon: "trash", run: remove, dangerous: true },
  ];
};

const HistoryRow = ({
  conversation,
  current,
  onOpen,
  onDialog,
}: {
  readonly conversation: Conversation;
  readonly current: boolean;
  readonly onOpen: (path: string) => void;
  readonly onDialog: (opened: Opened) => void;
}): ReactElement => {
  const path = `/c/${conversation.id}`;
  const remove = (): void => {
    focusNeighbour(conversation.id);
    if (current) onOpen("/");
    removeConversation(conversation, () => {
      if (current) onOpen(path);
    });
  };
  const archive = (): void => {
    focusNeighbour(conversation.id);
    archiveConversation(conversation);
  };
  return (
    <li className={css["row"]}>
      <a
        href={path}
        className={css["link"]}
        data-chat-link={conversation.id}
        aria-current={current ? "page" : undefined}
        title={`${conversation.title}\n${sayExactly(Date.parse(conversation.updatedAt))}`}
        onClick={(event) => {
          if (!isPlainClick(event)) return;
          event.preventDefault();
          onOpen(path);
        }}
      >
        <span className={css["title"]} dir="auto">
          {conversation.title}
        </span>
      </a>
      <Menu
        label={words.more(conversation.title)}
        items={actionsFor(conversation, { remove, archive, open: onDialog })}
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

const Groups = ({
  list,
  nowMs,
  row,
}: {
  readonly list: readonly Conversation[];
  readonly nowMs: number;
  readonly row: (conversation: Conversation) => ReactElement;
}): ReactElement => {
  const { pinned, open, archived } = sortHistory(list);
  return (
    <>
      {pinned.length === 0 ? null : (
        <section>
          <h3 className={css["group"]}>{words.pinned}</h3>
          <ul>{pinned.map(row)}</ul>
        </section>
      )}
      {groupHistory(open, nowMs).map((group) => (
        <section key={group.label}>
          <h3 className={css["group"]}>{group.label}</h3>
          <ul>{group.conversations.map(row)}</ul>
        </section>
      ))}
      {archived.length === 0 ? null : (
        <details className={css["archive"]}>
          <summary className={css["group"]}>{words.archivedChats(archived.length)}</summary>
          <ul>{archived.map(row)}</ul>
        </details>
      )}
    </>
  );
};

/** People know beforehand what will be deleted. */
const KeptFor = (): ReactElement | null => {
  const days = useStore(keptDays, (value) => value);
  return days === 0 ? null : <p>{words.keptFor(days)}</p>;
};

/** The person's chats, the newest first, under the day or month of their last question. */
export const HistoryList = ({ onOpened }: { readonly onOpened: () => void }): ReactElement => {
  const { value, failure } = useStore(conversations, (state) => state);
  const nowMs = useSlowNow();
  const here = usePathname();
  const open = useOpenChat(onOpened);
  const [dialog, setDialog] = useState<Opened | null>(null);
  const close = (): void => {
    setDialog(null);
  };
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
  if (value.length === 0)
    return (
      <div className={css["note"]}>
        <p>{words.noHistory}</p>
        <KeptFor />
      </div>
    );
  return (
    <div className={css["history"]}>
      <Groups
        list={value}
        nowMs={nowMs ?? 0}
        row={(conversation) => (
          <HistoryRow
            key={conversation.id}
            conversation={conversation}
            current={here === `/c/${conversation.id}`}
            onOpen={open}
            onDialog={setDialog}
          />
        )}
      />
      <div className={css["kept"]}>
        <KeptFor />
      </div>
      {dialog?.kind === "rename" ? (
        <RenameDialog conversation={dialog.conversation} onClose={close} />
      ) : null}
      {dialog?.kind === "share" ? (
        <ShareDialog conversation={dialog.conversation} onClose={close} />
      ) : null}
    </div>
  );
};
