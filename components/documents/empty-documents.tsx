"use client";

import type { ReactElement } from "react";

import { Button } from "#components/ui/button.tsx";
import { useStore } from "#components/ui/store.ts";

import { addDemo, demoProgress, sayDemoProgress } from "./demo.ts";
import css from "./empty-documents.module.css";
import { words } from "./words.ts";

const textFor = (whole: boolean, mayAdd: boolean): string => {
  if (!mayAdd) return words.emptyReader;
  return whole ? words.emptyText : words.emptyCollection;
};

/** Nothing to list: how to begin. */
export const EmptyDocuments = ({
  whole,
  mayAdd,
  mayAddDemo,
  onChoose,
}: {
  /** The whole workspace is empty, not only the collection that is shown. */
  readonly whole: boolean;
  readonly mayAdd: boolean;
  readonly mayAddDemo: boolean;
  readonly onChoose: () => void;
}): ReactElement => {
  const demo = useStore(demoProgress, (value) => value);
  return (
    <div className={css["empty"]}>
      {whole ? <h2>{words.emptyTitle}</h2> : null}
      <p>{textFor(whole, mayAdd)}</p>
      {mayAdd ? (
        <div className={css["actions"]}>
          <Button icon="upload" onClick={onChoose}>
            {words.choose}
          </Button>
          {mayAddDemo && demo.phase === "idle" ? (
            <Button onClick={() => void addDemo()}>{words.addDemo}</Button>
          ) : null}
        </div>
      ) : null}
      {demo.phase === "idle" ? null : <p className={css["formats"]}>{sayDemoProgress(demo)}</p>}
      {demo.failure === null ? null : <p className={css["fault"]}>{demo.failure.message}</p>}
      {mayAdd ? <p className={css["formats"]}>{words.formats}</p> : null}
    </div>
  );
};
