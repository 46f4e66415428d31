"use client";

import type { ReactElement } from "react";

import { Button } from "#components/ui/button.tsx";
import { lazily } from "#components/ui/lazily.tsx";
import { Notice } from "#components/ui/notice.tsx";
import { useStore } from "#components/ui/store.ts";

import css from "./source-viewer.module.css";
import { closeViewer, viewer } from "./viewer-state.ts";
import { words } from "./words.ts";

const reader = lazily(async () => (await import("./source-viewer.tsx")).SourceViewer);

/** Fetches what shows documents: called when citations are about to be on the page. */
export const loadSourceViewer = reader.load;

const Meanwhile = ({
  failed,
  retry,
}: {
  readonly failed: boolean;
  readonly retry: () => void;
}): ReactElement => (
  <aside className={css["viewer"]} aria-label={words.region}>
    {failed ? (
      <div className={css["notLoaded"]}>
        <Notice tone="bad" action={<Button onClick={retry}>{words.retry}</Button>}>
          {words.notLoaded}
        </Notice>
        <Button onClick={closeViewer}>{words.close}</Button>
      </div>
    ) : (
      <p className={css["loading"]} role="status">
        {`${words.loading}…`}
      </p>
    )}
  </aside>
);

/** The document beside the page; nothing, and no script for it, while it is closed. */
export const SourcePanel = (): ReactElement | null => {
  const isOpen = useStore(viewer, (value) => value !== null);
  return isOpen ? <reader.Part given={{}} meanwhile={(state) => <Meanwhile {...state} />} /> : null;
};
