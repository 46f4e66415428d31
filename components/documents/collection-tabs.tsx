"use client";

import { useEffect, useRef, useState, type ReactElement } from "react";

import type { Collection } from "#components/api/shapes.ts";
import { IconButton } from "#components/ui/button.tsx";
import { Menu } from "#components/ui/menu.tsx";

import { AnswersDialog } from "./answers-dialog.tsx";
import { answersWords } from "./answers-words.ts";
import css from "./collection-tabs.module.css";
import { removeCollection } from "./documents-store.ts";
import { RightsDialog } from "./rights-dialog.tsx";
import { rightsWords } from "./rights-words.ts";
import { UpkeepDialog } from "./upkeep-dialog.tsx";
import { upkeepWords } from "./upkeep-words.ts";
import { words } from "./words.ts";

const Tab = ({
  label,
  count,
  pressed,
  onPress,
}: {
  readonly label: string;
  readonly count: number;
  readonly pressed: boolean;
  readonly onPress: () => void;
}): ReactElement => (
  <button type="button" className={css["tab"]} aria-pressed={pressed} onClick={onPress}>
    <span className={css["name"]}>{label}</span>
    <span className={css["count"]}>{new Intl.NumberFormat().format(count)}</span>
  </button>
);

/** What who manages a collection can do with it. */
const CollectionMenu = ({
  collection,
  onRemove,
}: {
  readonly collection: Collection;
  readonly onRemove: () => void;
}): ReactElement => {
  const [open, setOpen] = useState<"rights" | "answers" | "upkeep" | null>(null);
  const close = (): void => {
    setOpen(null);
  };
  return (
    <>
      <Menu
        label={words.moreFor(collection.name)}
        items={[
          {
            label: rightsWords.open(collection.name),
            icon: "person",
            run: () => {
              setOpen("rights");
            },
          },
          {
            label: answersWords.item,
            icon: "question",
            run: () => {
              setOpen("answers");
            },
          },
          {
            label: upkeepWords.item,
            icon: "retry",
            run: () => {
              setOpen("upkeep");
            },
          },
          {
            label: words.deleteCollection(collection.name),
            icon: "trash",
            dangerous: true,
            run: onRemove,
          },
        ]}
        trigger={(props) => (
          <IconButton {...props} icon="more" label={words.moreFor(collection.name)} />
        )}
      />
      {open === "rights" ? <RightsDialog collection={collection} onClose={close} /> : null}
      {open === "upkeep" ? <UpkeepDialog collection={collection} onClose={close} /> : null}
      {open === "answers" ? <AnswersDialog collection={collection} onClose={close} /> : null}
    </>
  );
};

/** Narrows the list to one collection. */
export const CollectionTabs = ({
  collections,
  shown,
  onShow,
}: {
  readonly collections: readonly Collection[];
  readonly shown: string | null;
  readonly onShow: (id: string | null) => void;
}): ReactElement | null => {
  const row = useRef<HTMLDivElement>(null);
  const isShown = collections.some(({ id }) => id === shown);
  useEffect(() => {
    // One that was just made stands last, where a phone does not show it.
    if (isShown)
      row.current
        ?.querySelector('[aria-pressed="true"]')
        ?.scrollIntoView({ block: "nearest", inline: "nearest" });
  }, [shown, isShown]);
  if (collections.length === 0) return null;
  const current = collections.find(({ id }) => id === shown);
  const total = collections.reduce((sum, one) => sum + one.documentCount, 0);
  return (
    <div ref={row} className={css["tabs"]} role="group" aria-label={words.collections}>
      <Tab
        label={words.all}
        count={total}
        pressed={shown === null}
        onPress={() => {
          onShow(null);
        }}
      />
      {collections.map((one) => (
        <Tab
          key={one.id}
          label={one.name}
          count={one.documentCount}
          pressed={shown === one.id}
          onPress={() => {
            onShow(one.id);
          }}
        />
      ))}
      {current?.right === "manage" && !current.isDemo ? (
        <CollectionMenu
          key={current.id}
          collection={current}
          onRemove={() => {
            onShow(null);
            removeCollection(current);
          }}
        />
      ) : null}
    </div>
  );
};
