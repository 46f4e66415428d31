"use client";

import { useEffect, useEffectEvent, useState, type ReactElement, type ReactNode } from "react";

import type { Session } from "#components/api/shapes.ts";
import { Announcer } from "#components/ui/announcer.tsx";
import { IconButton } from "#components/ui/button.tsx";
import { keepPreference, railCookie } from "#components/ui/cookie-preference.ts";
import { Toasts } from "#components/ui/toast.tsx";
import { closeViewer, toggleViewer, viewer } from "#components/viewer/viewer-state.ts";
import { SourcePanel } from "#components/viewer/source-panel.tsx";

import {
  hasModifier,
  isChord,
  isPaletteKey,
  isTyping,
  loadSingleKeys,
  singleKeys,
  somethingFloats,
} from "./keyboard.ts";
import { KeysDialog } from "./keys-dialog.tsx";
import { Palette, type PaletteAction } from "./palette.tsx";
import { SessionProvider } from "./session.tsx";
import css from "./shell.module.css";
import { Rail } from "./rail.tsx";
import { useOpenChat } from "./history-list.tsx";
import { words } from "./words.ts";

const narrow = "(max-width: 47.99rem)";

/** Two kinds of open: the column on a wide screen is a lasting choice, the drawer on a phone is not. */
const useRail = (initiallyOpen: boolean) => {
  const [column, setColumn] = useState(initiallyOpen);
  const [drawer, setDrawer] = useState(false);
  const toggle = (): void => {
    if (window.matchMedia(narrow).matches) {
      setDrawer((open) => !open);
      return;
    }
    setColumn((open) => {
      keepPreference(railCookie, open ? "closed" : null);
      return !open;
    });
  };
  const closeDrawer = (): void => {
    setDrawer(false);
  };
  return { column, drawer, toggle, closeDrawer };
};

const useShellKeys = (actions: {
  readonly onRail: () => void;
  readonly onNewChat: () => void;
  readonly onKeys: () => void;
  readonly onPalette: () => void;
  readonly onEscape: () => void;
}): void => {
  const plain: Readonly<Record<string, () => void>> = {
    "[": actions.onRail,
    "]": toggleViewer,
    "?": actions.onKeys,
  };
  useEffect(loadSingleKeys, []);
  const keyed = useEffectEvent((event: KeyboardEvent) => {
    if (event.defaultPrevented || somethingFloats()) return;
    if (isPaletteKey(event)) {
      event.preventDefault();
      actions.onPalette();
      return;
    }
    if (isChord(event, "o")) {
      event.preventDefault();
      actions.onNewChat();
    }
    if (hasModifier(event)) return;
    const single = singleKeys.get() ? plain[event.key] : undefined;
    const run = event.key === "Escape" ? actions.onEscape : single;
    if (run === undefined || (event.key !== "Escape" && isTyping(event.target))) return;
    run();
  });
  useEffect(() => {
    const listener = (event: KeyboardEvent): void => {
      keyed(event);
    };
    document.addEventListener("keydown", listener);
    return () => {
      document.removeEventListener("keydown", listener);
    };
  }, []);
};

const TopBar = ({
  onMenu,
  onNewChat,
  workspace,
}: {
  readonly onMenu: () => void;
  readonly onNewChat: () => void;
  readonly workspace: string;
}): ReactElement => (
  <div className={css["bar"]}>
    <IconButton icon="menu" label={words.openHistory} onClick={onMenu} data-rail-opener="" />
    <span className={css["barTitle"]}>{workspace}</span>
    <IconButton icon="plus" label={words.newChat} onClick={onNewChat} />
  </div>
);

/** What a closed rail leaves on a wide screen. */
const ClosedRail = ({
  onOpen,
  onNewChat,
}: {
  readonly onOpen: () => void;
  readonly onNewChat: () => void;
}): ReactElement => (
  <div className={css["reopen"]}>
    <IconButton icon="panel" label={words.openHistory} onClick={onOpen} />
    <IconButton icon="plus" label={words.newChat} onClick={onNewChat} />
  </div>
);

const closeOpenViewer = (): void => {
  if (viewer.get() !== null) closeViewer();
};

const focusComposer = (): void => {
  document.querySelector<HTMLElement>("[data-composer]")?.focus();
};

type OpenedDialog = "keys" | "palette" | null;

const OpenDialog = ({
  dialog,
  onClose,
  ...palette
}: {
  readonly dialog: OpenedDialog;
  readonly onClose: () => void;
  readonly onOpenChat: (path: string) => void;
  readonly actions: readonly PaletteAction[];
}): ReactElement | null => {
  if (dialog === "keys") return <KeysDialog onClose={onClose} />;
  return dialog === "palette" ? <Palette {...palette} onClose={onClose} /> : null;
};

const useDialogs = () => {
  const [dialog, setDialog] = useState<OpenedDialog>(null);
  const closeDialog = (): void => {
    setDialog(null);
  };
  const openKeys = (): void => {
    setDialog("keys");
  };
  const openPalette = (): void => {
    setDialog("palette");
  };
  return { dialog, closeDialog, openKeys, openPalette };
};

/** The frame of every signed-in page: chats and pages on the left, the page, the source on the right. */
export const Shell = ({
  session,
  railOpen,
  children,
}: {
  readonly session: Session;
  readonly railOpen: boolean;
  readonly children: ReactNode;
}): ReactElement => {
  const { column, drawer, toggle, closeDrawer } = useRail(railOpen);
  const { dialog, closeDialog, openKeys, openPalette } = useDialogs();
  const openChat = useOpenChat(closeDrawer);
  const onNewChat = (): void => {
    openChat("/");
    focusComposer();
  };
  useShellKeys({
    onRail: toggle,
    onNewChat,
    onKeys: openKeys,
    onPalette: openPalette,
    onEscape: drawer ? closeDrawer : closeOpenViewer,
  });
  return (
    <SessionProvider session={session}>
      <a className={css["skip"]} href="#content">
        {words.skipToContent}
      </a>
      <div className={css["shell"]} data-rail={column ? "open" : "closed"}>
        <TopBar onMenu={toggle} onNewChat={onNewChat} workspace={session.workspace.name} />
        <Rail
          drawer={drawer}
          onNewChat={onNewChat}
          onSearch={openPalette}
          onToggle={toggle}
          onLeave={closeDrawer}
        />
        <main id="content" className={css["main"]} tabIndex={-1} inert={drawer}>
          {column ? null : <ClosedRail onOpen={toggle} onNewChat={onNewChat} />}
          {children}
        </main>
        <SourcePanel />
      </div>
      <OpenDialog
        dialog={dialog}
        onClose={closeDialog}
        onOpenChat={openChat}
        actions={[
          { label: words.newChat, icon: "plus", run: onNewChat },
          { label: words.hideChats, icon: "panel", run: toggle },
          { label: words.keys, icon: "keyboard", run: openKeys },
        ]}
      />
      <Toasts />
      <Announcer />
    </SessionProvider>
  );
};
