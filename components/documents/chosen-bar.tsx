"use client";

import type { ReactElement } from "react";

import { Button } from "#components/ui/button.tsx";

import css from "./chosen-bar.module.css";
import { isBeingRead } from "./document-status.ts";
import {
  cancelDocument,
  removeDocuments,
  retryDocument,
  type ShownDocument,
} from "./documents-store.ts";
import { words } from "./words.ts";

/** What can be done with all the documents that are ticked. */
export const ChosenBar = ({
  chosen,
  onClear,
}: {
  readonly chosen: readonly ShownDocument[];
  readonly onClear: () => void;
}): ReactElement | null => {
  if (chosen.length === 0) return null;
  const over = chosen.filter(({ status }) => status === "failed" || status === "cancelled");
  const reading = chosen.filter(isBeingRead);
  const run = (deed: () => void) => () => {
    deed();
    onClear();
  };
  return (
    <div className={css["bar"]} role="region" aria-label={words.chosenRegion}>
      <p role="status">{words.chosen(chosen.length)}</p>
      {over.length === 0 ? null : (
        <Button
          icon="retry"
          onClick={run(() => {
            over.forEach(({ id }) => void retryDocument(id));
          })}
        >
          {words.retryMany(over.length)}
        </Button>
      )}
      {reading.length === 0 ? null : (
        <Button
          icon="close"
          onClick={run(() => {
            reading.forEach(({ id }) => void cancelDocument(id));
          })}
        >
          {words.cancelMany(reading.length)}
        </Button>
      )}
      <Button
        look="danger"
        icon="trash"
        onClick={run(() => {
          removeDocuments(chosen);
        })}
      >
        {words.deleteMany(chosen.length)}
      </Button>
      <Button look="quiet" onClick={onClear}>
        {words.clearChosen}
      </Button>
    </div>
  );
};
