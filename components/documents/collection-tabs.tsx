"use client";

import type { ReactElement } from "react";

import type { Collection } from "#components/api/shapes.ts";
import { IconButton } from "#components/ui/button.tsx";
import { Menu } from "#components/ui/menu.tsx";

import css from "./collection-tabs.module.css";
import { removeCollection } from "./documents-store.ts";
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
  if (collections.length === 0) return null;
  const current = collections.find(({ id }) => id === shown);
  const total = collections.reduce((sum, one) => sum + one.documentCount, 0);
  return (
    <div className={css["tabs"]} role="group" aria-label={words.collections}>
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
        <Menu
          label={words.moreFor(current.name)}
          items={[
            {
              label: words.deleteCollection(current.name),
              icon: "trash",
              dangerous: true,
              run: () => {
                onShow(null);
                removeCollection(current);
              },
            },
          ]}
          trigger={(props) => (
            <IconButton {...props} icon="more" label={words.moreFor(current.name)} />
          )}
        />
      ) : null}
    </div>
  );
};
