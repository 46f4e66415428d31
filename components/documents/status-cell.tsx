"use client";

import type { ReactElement } from "react";

import { Icon, type IconName } from "#components/ui/icon.tsx";

import { isBeingRead, sayProgress, sayStatus, sayTimeLeft } from "./document-status.ts";
import { retryDocument, type ShownDocument } from "./documents-store.ts";
import css from "./status-cell.module.css";
import { words } from "./words.ts";

const icons: Readonly<Partial<Record<ShownDocument["status"], IconName>>> = {
  ready: "check",
  failed: "warning",
  cancelled: "close",
};

const Reading = ({ document }: { readonly document: ShownDocument }): ReactElement => {
  const { progressDone: done, progressTotal: total } = document;
  const known = document.status === "processing" && total > 0;
  const left = sayTimeLeft(document.leftMs);
  return (
    <>
      <progress
        aria-label={`${sayStatus(document)}: ${document.title}`}
        {...(known ? { value: done, max: total } : {})}
      />
      {known ? (
        <span className={css["detail"]}>
          {sayProgress(document)}
          {left === null ? "" : `, ${left}`}
        </span>
      ) : null}
    </>
  );
};

/** The status in one word with a shape; a bar and the time left while the document is read. */
export const StatusCell = ({
  document,
  mayWrite,
}: {
  readonly document: ShownDocument;
  readonly mayWrite: boolean;
}): ReactElement => {
  const icon = icons[document.status];
  const over = document.status === "failed" || document.status === "cancelled";
  return (
    <div className={css["status"]} data-status={document.status}>
      <span className={css["word"]}>
        {icon === undefined ? null : <Icon name={icon} size={16} />}
        {sayStatus(document)}
        {mayWrite && over ? (
          <button
            type="button"
            className={css["retry"]}
            onClick={() => void retryDocument(document.id)}
          >
            {words.retry}
          </button>
        ) : null}
      </span>
      {isBeingRead(document) ? <Reading document={document} /> : null}
    </div>
  );
};
