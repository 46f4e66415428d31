"use client";

import { useRouter } from "next/navigation";
import { useId, useState, type KeyboardEvent, type ReactElement } from "react";

import { adminPages } from "#components/admin/admin-pages.ts";
import type { DocumentSummary } from "#components/api/shapes.ts";
import { Dialog } from "#components/ui/dialog.tsx";
import { Icon, type IconName } from "#components/ui/icon.tsx";
import { openViewer } from "#components/viewer/viewer-state.ts";

import {
  documentEntries,
  matchesWords,
  useAllDocuments,
  useChatEntries,
  type PaletteEntry,
} from "./palette-entries.ts";
import css from "./palette.module.css";
import { useSession } from "./session.tsx";
import { words } from "./words.ts";

export interface PaletteAction {
  readonly label: string;
  readonly icon: IconName;
  readonly run: () => void;
}

const showDocument = (document: DocumentSummary): void => {
  openViewer(
    [
      {
        key: document.id,
        citation: null,
        documentId: document.id,
        versionId: null,
        title: document.title,
        collectionName: document.collectionName,
        page: null,
        passage: null,
        quote: null,
      },
    ],
    0,
  );
};

const usePageEntries = (query: string): readonly PaletteEntry[] => {
  const { user } = useSession();
  const router = useRouter();
  return adminPages
    .filter((page) => user.role === "admin" || page.for === "everyone")
    .filter(({ label }) => matchesWords(label, query))
    .map(({ href, label, icon }) => ({
      key: href,
      group: words.groupPages,
      label,
      icon,
      detail: "",
      run: () => {
        router.push(href);
      },
    }));
};

const actionEntries = (actions: readonly PaletteAction[], query: string): readonly PaletteEntry[] =>
  actions
    .filter(({ label }) => matchesWords(label, query))
    .map((action) => ({ ...action, key: action.label, group: words.groupActions, detail: "" }));

/** Text with what was searched for marked in it. */
const Marked = ({ text, query }: { readonly text: string; readonly query: string }) => {
  const searched = query.match(/[\p{L}\p{M}\p{N}]+/gu) ?? [];
  if (searched.length === 0) return text;
  const parts = text.split(new RegExp(`(${searched.join("|")})`, "giu"));
  return parts.map((part, index) => (index % 2 === 1 ? <mark key={index}>{part}</mark> : part));
};

const Option = ({
  id,
  entry,
  query,
  active,
  onRun,
}: {
  readonly id: string;
  readonly entry: PaletteEntry;
  readonly query: string;
  readonly active: boolean;
  readonly onRun: (entry: PaletteEntry) => void;
}): ReactElement => (
  <div
    id={id}
    role="option"
    aria-selected={active}
    className={css["option"]}
    onPointerDown={(event) => {
      event.preventDefault();
    }}
    onClick={() => {
      onRun(entry);
    }}
  >
    <Icon name={entry.icon} size={16} />
    <span className={css["label"]} dir="auto">
      <Marked text={entry.label} query={query} />
    </span>
    {entry.detail === "" ? null : (
      <span className={css["detail"]} dir="auto">
        <Marked text={entry.detail} query={query} />
      </span>
    )}
  </div>
);

const Options = ({
  id,
  entries,
  query,
  active,
  onRun,
}: {
  readonly id: string;
  readonly entries: readonly PaletteEntry[];
  readonly query: string;
  readonly active: number;
  readonly onRun: (entry: PaletteEntry) => void;
}): ReactElement => (
  <div id={id} role="listbox" aria-label={words.palette} className={css["list"]}>
    {[...Map.groupBy(entries, ({ group }) => group)].map(([group, inGroup]) => (
      <div key={group} role="group" aria-label={group}>
        <p className={css["group"]} aria-hidden="true">
          {group}
        </p>
        {inGroup.map((entry) => {
          const at = entries.indexOf(entry);
          return (
            <Option
              key={entry.key}
              id={`${id}-${String(at)}`}
              entry={entry}
              query={query}
              active={at === active}
              onRun={onRun}
            />
          );
        })}
      </div>
    ))}
  </div>
);

const steps: Readonly<Record<string, (at: number, count: number) => number>> = {
  ArrowDown: (at, count) => (at + 1) % count,
  ArrowUp: (at, count) => (at - 1 + count) % count,
};

const Field = ({
  id,
  active,
  typed,
  onType,
  onKey,
}: {
  readonly id: string;
  readonly active: number;
  readonly typed: string;
  readonly onType: (text: string) => void;
  readonly onKey: (event: KeyboardEvent) => void;
}): ReactElement => (
  <input
    type="text"
    role="combobox"
    className={css["field"]}
    aria-label={words.palette}
    aria-expanded
    aria-controls={id}
    aria-activedescendant={active < 0 ? undefined : `${id}-${String(active)}`}
    aria-autocomplete="list"
    placeholder={words.palettePlaceholder}
    value={typed}
    maxLength={200}
    autoComplete="off"
    spellCheck={false}
    onChange={(event) => {
      onType(event.target.value);
    }}
    onKeyDown={onKey}
  />
);

/** One field that finds chats by any of their words, documents, pages and actions. */
export const Palette = ({
  actions,
  onOpenChat,
  onClose,
}: {
  readonly actions: readonly PaletteAction[];
  readonly onOpenChat: (path: string) => void;
  readonly onClose: () => void;
}): ReactElement => {
  const [typed, setTyped] = useState("");
  const [chosen, setChosen] = useState(0);
  const id = useId();
  const query = typed.trim();
  const entries = [
    ...actionEntries(actions, query),
    ...usePageEntries(query),
    ...useChatEntries(query, onOpenChat),
    ...documentEntries(useAllDocuments(), query, showDocument),
  ];
  const active = Math.min(chosen, entries.length - 1);
  const run = (entry: PaletteEntry): void => {
    onClose();
    // The dialog gives the focus back first; then the entry may take it.
    setTimeout(entry.run, 0);
  };
  const keyed = (event: KeyboardEvent): void => {
    const step = steps[event.key];
    const entry = entries[active];
    if (step !== undefined && entry !== undefined) {
      event.preventDefault();
      const next = step(active, entries.length);
      setChosen(next);
      document.getElementById(`${id}-${String(next)}`)?.scrollIntoView({ block: "nearest" });
    } else if (event.key === "Enter" && !event.nativeEvent.isComposing) {
      event.preventDefault();
      if (entry !== undefined) run(entry);
    }
  };
  return (
    <Dialog title={words.palette} onClose={onClose} wide>
      <Field
        id={id}
        active={active}
        typed={typed}
        onType={(text) => {
          setTyped(text);
          setChosen(0);
        }}
        onKey={keyed}
      />
      <Options id={id} entries={entries} query={query} active={active} onRun={run} />
      {entries.length === 0 ? <p className={css["none"]}>{words.nothingFound}</p> : null}
    </Dialog>
  );
};
