"use client";

import { Fragment, type ReactElement } from "react";

import { Dialog } from "#components/ui/dialog.tsx";

import css from "./keys-dialog.module.css";
import { keyList, words } from "./words.ts";

/** The keys that exist. */
export const KeysDialog = ({ onClose }: { readonly onClose: () => void }): ReactElement => (
  <Dialog title={words.keys} onClose={onClose}>
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
