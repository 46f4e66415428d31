"use client";

import type { ReactElement } from "react";

import { originalPath } from "#components/api/endpoints.ts";
import { IconButton } from "#components/ui/button.tsx";
import { classNames } from "#components/ui/class-names.ts";
import { useSlowNow } from "#components/ui/clock.ts";
import { Menu, type MenuItem } from "#components/ui/menu.tsx";
import table from "#components/ui/table.module.css";
import { sayExactly, sayMoment, saySize } from "#components/ui/time-words.ts";
import { openViewer } from "#components/viewer/viewer-state.ts";

import css from "./documents-table.module.css";
import { isBeingRead } from "./document-status.ts";
import { replaceDocument } from "./page-uploads.ts";
import { StatusCell } from "./status-cell.tsx";
import {
  cancelDocument,
  removeDocuments,
  retryDocument,
  type ShownDocument,
} from "./documents-store.ts";
import { words } from "./words.ts";

const open = (document: ShownDocument): void => {
  openViewer(
    [
      {
        key: document.id,
        citation: null,
        documentId: document.id,
        versionId: null,
        title: document.title,
        collectionName: document.collectionName,
        page: null,
        passage: null,
        quote: null,
      },
    ],
    0,
  );
};

/** A document that is being replaced is read as it was. */
const isShown = ({ status, isUpdating }: ShownDocument): boolean =>
  status === "ready" || isUpdating;

const itemsFor = (document: ShownDocument, mayWrite: boolean): readonly MenuItem[] => {
  const { id, status } = document;
  const over = status === "failed" || status === "cancelled";
  return [
    ...(isShown(document)
      ? [
          {
            label: words.openAction,
            icon: "document" as const,
            run: () => {
              open(document);
            },
          },
        ]
      : []),
    {
      label: words.download,
      icon: "download",
      run: () => {
        window.location.assign(originalPath(id));
      },
    },
    ...(mayWrite
      ? [
          {
            label: words.replace,
            icon: "upload" as const,
            run: () => {
              replaceDocument(document);
            },
          },
        ]
      : []),
    ...(mayWrite && over
      ? [{ label: words.retry, icon: "retry" as const, run: () => void retryDocument(id) }]
      : []),
    ...(mayWrite && isBeingRead(document)
      ? [{ label: words.cancel, icon: "close" as const, run: () => void cancelDocument(id) }]
      : []),
    ...(mayWrite
      ? [
          {
            label: words.delete,
            icon: "trash" as const,
            dangerous: true,
            run: () => {
              removeDocuments([document]);
            },
          },
        ]
      : []),
  ];
};

const number = (value: number | null): string =>
  value === null ? "–" : new Intl.NumberFormat().format(value);

const NameCell = ({ document }: { readonly document: ShownDocument }): ReactElement => (
  <th scope="row" className={css["name"]}>
    {isShown(document) ? (
      <button
        type="button"
        className={css["title"]}
        dir="auto"
        title={document.title}
        onClick={() => {
          open(document);
        }}
      >
        {document.title}
      </button>
    ) : (
      <span className={css["title"]} dir="auto" title={document.title}>
        {document.title}
      </span>
    )}
    <span className={css["file"]} title={document.fileName}>
      {document.fileName === document.title ? null : (
        <>
          <bdi>{document.fileName}</bdi>
          {" · "}
        </>
      )}
      {saySize(document.bytes)}
    </span>
    {document.isUpdating ? <span className={css["file"]}>{words.updating}</span> : null}
    {document.failure === null ? null : (
      <span className={css["reason"]}>{document.failure.reason}</span>
    )}
    {document.warnings.map((warning) => (
      <span key={warning} className={css["warning"]}>
        {warning}
      </span>
    ))}
  </th>
);

/** One document: what it is, how far it is, and what can be done with it. */
export const DocumentRow = ({
  document,
  mayWrite,
  isChosen,
  onChoose,
}: {
  readonly document: ShownDocument;
  readonly mayWrite: boolean;
  readonly isChosen: boolean;
  readonly onChoose: (chosen: boolean) => void;
}): ReactElement => {
  const nowMs = useSlowNow();
  const addedMs = Date.parse(document.createdAt);
  return (
    <tr>
      <td className={css["choose"]}>
        {mayWrite ? (
          <input
            type="checkbox"
            checked={isChosen}
            aria-label={words.choose1(document.title)}
            onChange={(event) => {
              onChoose(event.target.checked);
            }}
          />
        ) : null}
      </td>
      <NameCell document={document} />
      <td className={css["collection"]}>
        <span className={css["collectionName"]} title={document.collectionName}>
          {document.collectionName}
        </span>
      </td>
      <td className={css["number"]} data-label={words.columns.pages}>
        {number(document.pageCount)}
      </td>
      <td className={css["number"]} data-label={words.columns.chunks}>
        {document.status === "ready" ? number(document.chunkCount) : "–"}
      </td>
      <td className={css["status"]}>
        <StatusCell document={document} mayWrite={mayWrite} />
      </td>
      <td className={css["by"]}>{document.createdBy}</td>
      <td className={css["when"]}>
        <time dateTime={document.createdAt} title={sayExactly(addedMs)}>
          {nowMs === null ? "" : sayMoment(addedMs, nowMs)}
        </time>
      </td>
      <td className={classNames(table["actions"], css["actions"])}>
        <Menu
          label={words.moreFor(document.title)}
          items={itemsFor(document, mayWrite)}
          trigger={(props) => (
            <IconButton {...props} icon="more" label={words.moreFor(document.title)} />
          )}
        />
      </td>
    </tr>
  );
};
