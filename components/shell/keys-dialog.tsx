"use client";

import { Fragment, type ReactElement } from "react";

import { Dialog } from "#components/ui/dialog.tsx";
import { useStore } from "#components/ui/store.ts";

import { keepSingleKeys, singleKeys } from "./keyboard.ts";
import css from "./keys-dialog.module.css";
import { keyList, words } from "./words.ts";

/** The keys that exist, and whether those without Ctrl or ⌘ do anything. */
export const KeysDialog = ({ onClose }: { readonly onClose: () => void }): ReactElement => {
  const on = useStore(singleKeys, (value) => value);
  return (
    <Dialog title={words.keys} onClose={onClose}>
      <label className={css["choice"]}>
        <input
          type="checkbox"
          checked={on}
          onChange={(event) => {
            keepSingleKeys(event.target.checked);
          }}
        />
        <span>
          {words.singleKeys}
          <small>{words.singleKeysHint}</small>
        </span>
      </label>
      <dl className={css["keys"]}>
        {keyList.map(({ keys, does }) => (
          <Fragment key={does}>
            <dt>
              {keys.map((key) => (
                <kbd key={key}>{key}</kbd>
              ))}
            </dt>
            <dd>{does}</dd>
          </Fragment>
        ))}
      </dl>
    </Dialog>
  );
};
