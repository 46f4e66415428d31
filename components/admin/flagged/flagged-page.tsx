"use client";

import type { ReactElement } from "react";

import { AdminPage, NotRead } from "#components/admin/admin-page.tsx";
import { request } from "#components/api/request.ts";
import { createResource, useRefreshed } from "#components/api/resource.ts";
import { useStore } from "#components/ui/store.ts";
import { openViewer } from "#components/viewer/viewer-state.ts";

import css from "./flagged-page.module.css";
import { words } from "./words.ts";

interface Passage {
  readonly chunkId: string;
  readonly documentId: string;
  readonly versionId: string;
  readonly title: string;
  readonly collectionName: string;
  readonly page: number | null;
  readonly charStart: number;
  readonly charEnd: number;
  readonly text: string;
  readonly signs: readonly string[];
}

const flagged = createResource(() =>
  request<{ readonly passages: readonly Passage[]; readonly total: number }>(
    "/api/flagged-passages",
  ),
);

const open = (passage: Passage): void => {
  const { chunkId, documentId, versionId, title, collectionName, page } = passage;
  const range = { start: passage.charStart, end: passage.charEnd };
  const stop = { key: chunkId, citation: null, quote: null, passage: range };
  openViewer([{ ...stop, documentId, versionId, title, collectionName, page }], 0);
};

const PassageItem = ({ passage }: { readonly passage: Passage }): ReactElement => (
  <li className={css["passage"]}>
    <button
      type="button"
      className={css["where"]}
      title={words.open(passage.title)}
      onClick={() => {
        open(passage);
      }}
    >
      {passage.title}
    </button>
    <span className={css["note"]}>
      {passage.collectionName}
      {passage.page === null ? null : <> · {words.page(passage.page)}</>} ·{" "}
      {passage.signs.map(words.sign).join(", ")}
    </span>
    <p className={css["text"]} dir="auto">
      {passage.text}
    </p>
  </li>
);

/** What in the documents looks as if it spoke to a model. */
export const FlaggedPage = (): ReactElement => {
  useRefreshed(flagged);
  const { value, failure } = useStore(flagged, (state) => state);
  const says = value === null ? "" : words.state(value.total, value.passages.length);
  return (
    <AdminPage title={words.title} says={says}>
      <p className={css["intro"]}>{words.intro}</p>
      {value === null && failure !== null ? (
        <NotRead what={words.notRead} failure={failure} onRetry={() => void flagged.refresh()} />
      ) : null}
      {value?.passages.length === 0 ? <p>{words.none}</p> : null}
      <ul className={css["list"]}>
        {(value?.passages ?? []).map((passage) => (
          <PassageItem key={passage.chunkId} passage={passage} />
        ))}
      </ul>
    </AdminPage>
  );
};
