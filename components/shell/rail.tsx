"use client";

import Link from "next/link";
import { usePathname } from "next/navigation";
import { useEffect, useRef, type ReactElement } from "react";

import { AccountMenu } from "#components/account/account-menu.tsx";
import { adminPages } from "#components/admin/admin-pages.ts";
import { useRefreshed } from "#components/api/resource.ts";
import { IconButton } from "#components/ui/button.tsx";
import { classNames } from "#components/ui/class-names.ts";
import { Icon, type IconName } from "#components/ui/icon.tsx";

import { conversations } from "./conversations.ts";
import { HistoryList } from "./history-list.tsx";
import css from "./rail.module.css";
import { useSession } from "./session.tsx";
import { words } from "./words.ts";

interface Entry {
  readonly href: string;
  readonly label: string;
  readonly icon: IconName;
  readonly isHere: (path: string) => boolean;
}

const documents: Entry = {
  href: "/admin/documents",
  label: words.documents,
  icon: "document",
  isHere: (path) => path === "/admin/documents",
};

/** Leads to the first page that is for admins alone. */
const administration: Entry = {
  href: adminPages.find((page) => page.for === "admins")?.href ?? documents.href,
  label: words.administration,
  icon: "sliders",
  isHere: (path) => path.startsWith("/admin") && !documents.isHere(path),
};

/** Pages besides the chat. */
const pagesFor = (role: "admin" | "member"): readonly Entry[] =>
  role === "admin" ? [documents, administration] : [documents];

/** On a phone the rail is a drawer: it takes the focus and gives it back. */
const useDrawerFocus = (drawer: boolean) => {
  const ref = useRef<HTMLElement>(null);
  const was = useRef(drawer);
  useEffect(() => {
    if (drawer) ref.current?.querySelector<HTMLElement>("button")?.focus();
    else if (was.current) document.querySelector<HTMLElement>("[data-rail-opener]")?.focus();
    was.current = drawer;
  }, [drawer]);
  return ref;
};

const Entries = ({
  onNewChat,
  onSearch,
  onLeave,
}: {
  readonly onNewChat: () => void;
  readonly onSearch: () => void;
  readonly onLeave: () => void;
}): ReactElement => {
  const { user } = useSession();
  const here = usePathname();
  return (
    <div className={css["pages"]}>
      <button type="button" className={css["entry"]} onClick={onNewChat}>
        <Icon name="plus" />
        {words.newChat}
      </button>
      <button type="button" className={css["entry"]} onClick={onSearch}>
        <Icon name="search" />
        {words.search}
      </button>
      {pagesFor(user.role).map((page) => (
        <Link
          key={page.href}
          href={page.href}
          prefetch={false}
          className={classNames(css["entry"])}
          aria-current={page.isHere(here) ? "page" : undefined}
          onClick={onLeave}
        >
          <Icon name={page.icon} />
          {page.label}
        </Link>
      ))}
    </div>
  );
};

export const Rail = ({
  drawer,
  onNewChat,
  onSearch,
  onToggle,
  onLeave,
}: {
  readonly drawer: boolean;
  readonly onNewChat: () => void;
  readonly onSearch: () => void;
  readonly onToggle: () => void;
  /** A page or chat was chosen. */
  readonly onLeave: () => void;
}): ReactElement => {
  const { workspace } = useSession();
  const ref = useDrawerFocus(drawer);
  useRefreshed(conversations);
  return (
    <>
      {drawer ? <div className={css["veil"]} onPointerDown={onLeave} /> : null}
      <nav
        ref={ref}
        className={css["rail"]}
        data-drawer={drawer ? "open" : "closed"}
        aria-label={words.navigation}
      >
        <div className={css["head"]}>
          <span className={css["workspace"]} title={workspace.name}>
            {workspace.name}
          </span>
          <IconButton icon="panel" label={words.closeHistory} onClick={onToggle} />
        </div>
        <Entries onNewChat={onNewChat} onSearch={onSearch} onLeave={onLeave} />
        <div className={css["chats"]} tabIndex={-1}>
          <h2 className={css["heading"]}>{words.history}</h2>
          <HistoryList onOpened={onLeave} />
        </div>
        <div className={css["foot"]}>
          <AccountMenu />
        </div>
      </nav>
    </>
  );
};
