"use client";

import Link from "next/link";
import type { ReactElement } from "react";

import { Button } from "#components/ui/button.tsx";
import button from "#components/ui/button.module.css";
import { classNames } from "#components/ui/class-names.ts";
import { Icon } from "#components/ui/icon.tsx";
import { Notice } from "#components/ui/notice.tsx";
import { useStore } from "#components/ui/store.ts";
import { addDemo, demoProgress, sayDemoProgress } from "#components/documents/demo.ts";

import css from "./empty-workspace.module.css";
import { words } from "./words.ts";

/** Nothing can be asked yet: offers the demo documents and an upload to those who may add any. */
export const EmptyWorkspace = ({
  mayAdd,
  mayAddDemo,
}: {
  readonly mayAdd: boolean;
  readonly mayAddDemo: boolean;
}): ReactElement => {
  const demo = useStore(demoProgress, (value) => value);
  return (
    <div className={css["empty"]}>
      <h1 className={css["title"]}>{words.emptyTitle}</h1>
      <p className={css["text"]}>{mayAdd ? words.emptyText : words.emptyMember}</p>
      {!mayAdd || demo.phase === "reading" ? null : (
        <div className={css["actions"]}>
          {mayAddDemo ? (
            <Button
              look="primary"
              disabled={demo.phase === "adding"}
              onClick={() => void addDemo()}
            >
              {words.addDemo}
            </Button>
          ) : null}
          <Link
            className={classNames(button["button"], button["secondary"])}
            href="/admin/documents"
          >
            <Icon name="upload" />
            {words.upload}
          </Link>
        </div>
      )}
      {demo.phase === "adding" || demo.phase === "reading" ? (
        <div className={css["progress"]}>
          <p>{sayDemoProgress(demo)}</p>
          <progress
            aria-label={words.addingDemo}
            {...(demo.total === 0 ? {} : { value: demo.share, max: demo.total })}
          />
        </div>
      ) : null}
      {demo.failure === null ? null : (
        <Notice tone="bad" code={demo.failure.requestId}>
          {words.demoFailed} {demo.failure.message}
        </Notice>
      )}
    </div>
  );
};
