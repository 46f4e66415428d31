"use client";

import type { ReactElement } from "react";

import type { Collection } from "#components/api/shapes.ts";
import { Button, IconButton } from "#components/ui/button.tsx";
import { Menu, type MenuItem } from "#components/ui/menu.tsx";
import { useStore } from "#components/ui/store.ts";

import { addDemo, demoProgress } from "./demo.ts";
import { removeDemo } from "./documents-store.ts";
import css from "./documents-page.module.css";
import { words } from "./words.ts";

const demoItem = (collections: readonly Collection[]): MenuItem => {
  const demo = collections.find((one) => one.isDemo);
  return demo === undefined
    ? { label: words.addDemo, icon: "plus", run: () => void addDemo() }
    : {
        label: words.removeDemo,
        icon: "trash",
        dangerous: true,
        run: () => {
          removeDemo(demo.id);
        },
      };
};

/** What can be done with the whole page. */
export const PageTools = ({
  target,
  mayAdd,
  isAdmin,
  collections,
  onChoose,
  onNewCollection,
  onChooseFolder,
}: {
  readonly target: Collection | null;
  readonly mayAdd: boolean;
  readonly isAdmin: boolean;
  readonly collections: readonly Collection[];
  readonly onChoose: () => void;
  readonly onNewCollection: () => void;
  readonly onChooseFolder: () => void;
}): ReactElement | null => {
  const demoBusy = useStore(demoProgress, (value) => value.phase !== "idle");
  if (!mayAdd) return null;
  return (
    <div className={css["tools"]}>
      <Menu
        label={words.more}
        items={[
          { label: words.uploadFolder, icon: "upload", run: onChooseFolder },
          ...(isAdmin
            ? [{ label: words.newCollection, icon: "plus" as const, run: onNewCollection }]
            : []),
          ...(isAdmin && !demoBusy ? [demoItem(collections)] : []),
        ]}
        trigger={(props) => <IconButton {...props} icon="more" label={words.more} />}
      />
      <Button look="primary" icon="upload" onClick={onChoose}>
        <span className={css["upload"]}>
          {words.upload}
          {target === null ? null : (
            <span className={css["target"]}>
              {" "}
              {words.into.toLowerCase()} {target.name}
            </span>
          )}
        </span>
      </Button>
    </div>
  );
};
