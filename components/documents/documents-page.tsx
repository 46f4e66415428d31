"use client";

import { useEffect, useRef, useState, type ReactElement, type ReactNode } from "react";

import type { Failure } from "#components/api/failure.ts";
import { useRefreshed } from "#components/api/resource.ts";
import type { Collection } from "#components/api/shapes.ts";
import { collections } from "#components/shell/conversations.ts";
import { useSession } from "#components/shell/session.tsx";
import { StatusLine } from "#components/shell/status-line.tsx";
import { Button } from "#components/ui/button.tsx";
import { Notice } from "#components/ui/notice.tsx";
import { useStore } from "#components/ui/store.ts";
import { forgetViewer } from "#components/viewer/viewer-state.ts";

import { CollectionTabs } from "./collection-tabs.tsx";
import { demoProgress } from "./demo.ts";
import { isBeingRead } from "./document-status.ts";
import { documents, type ShownDocument } from "./documents-store.ts";
import css from "./documents-page.module.css";
import { DocumentsTable } from "./documents-table.tsx";
import { DropArea } from "./drop-area.tsx";
import { isMeant } from "./dropped-files.ts";
import { EmptyDocuments } from "./empty-documents.tsx";
import { NewCollectionDialog } from "./new-collection-dialog.tsx";
import { uploads } from "./page-uploads.ts";
import { PageTools } from "./page-tools.tsx";
import { UploadList } from "./upload-list.tsx";
import { sayState, words } from "./words.ts";

const pollMs = 1_000;

/** Where files go: the collection that is shown, or the first that may be written to. */
const targetOf = (all: readonly Collection[], shown: string | null): Collection | null => {
  const writable = all.filter((one) => one.right !== "read");
  const own = writable.filter((one) => !one.isDemo);
  return writable.find((one) => one.id === shown) ?? own[0] ?? writable[0] ?? null;
};

const useData = () => {
  const list = useStore(documents, (state) => state);
  const all = useStore(collections, (state) => state.value);
  const reading = list.value?.some(isBeingRead) ?? false;
  const demo = useStore(demoProgress, (value) => value.phase !== "idle");
  useRefreshed(documents, reading || demo ? pollMs : null);
  useRefreshed(collections);
  useEffect(() => {
    if (!reading) void collections.refresh();
  }, [reading]);
  useEffect(() => {
    forgetViewer();
  }, []);
  return { list: list.value, failure: list.failure, all };
};

/** Files chosen while there is no collection wait for the one that is made for them. */
const useUpload = (
  target: Collection | null,
  mayCreate: boolean,
  onShow: (collectionId: string) => void,
) => {
  const [waiting, setWaiting] = useState<readonly File[] | null>(null);
  const upload = (files: readonly File[]): void => {
    if (target !== null) uploads.add(files, target.id);
    else if (mayCreate) setWaiting(files);
  };
  const newCollection = (): void => {
    setWaiting([]);
  };
  const dialog =
    waiting === null ? null : (
      <NewCollectionDialog
        onClose={() => {
          setWaiting(null);
        }}
        onCreated={(collection) => {
          setWaiting(null);
          onShow(collection.id);
          uploads.add(waiting, collection.id);
        }}
      />
    );
  return { upload, newCollection, dialog };
};

const useFileDialog = (
  onFiles: (files: readonly File[]) => void,
  label: string,
  folder: boolean,
) => {
  const ref = useRef<HTMLInputElement>(null);
  const input = (
    <input
      ref={ref}
      type="file"
      multiple
      hidden
      aria-label={label}
      {...(folder ? { webkitdirectory: "" } : {})}
      onChange={(event) => {
        const files = [...(event.target.files ?? [])];
        onFiles(folder ? files.filter((file) => isMeant(file.webkitRelativePath)) : files);
        // The same file can be chosen again.
        event.target.value = "";
      }}
    />
  );
  return { input, choose: () => ref.current?.click() };
};

const Content = ({
  list,
  shown,
  all,
  mayAdd,
  isAdmin,
  onChoose,
}: {
  readonly list: readonly ShownDocument[];
  readonly shown: string | null;
  readonly all: readonly Collection[];
  readonly mayAdd: boolean;
  readonly isAdmin: boolean;
  readonly onChoose: () => void;
}): ReactElement => {
  const seen = list.filter((one) => shown === null || one.collectionId === shown);
  if (seen.length === 0) {
    return (
      <EmptyDocuments
        whole={list.length === 0}
        mayAdd={mayAdd}
        mayAddDemo={isAdmin && list.length === 0}
        onChoose={onChoose}
      />
    );
  }
  return <DocumentsTable documents={seen} collections={all} />;
};

const NotRead = ({ failure }: { readonly failure: Failure }): ReactElement => (
  <Notice
    tone="bad"
    code={failure.requestId}
    action={<Button onClick={() => void documents.refresh()}>{words.retry}</Button>}
  >
    {words.failed} {failure.message}
  </Notice>
);

const Head = ({
  list,
  mayMend,
  tools,
}: {
  readonly list: readonly ShownDocument[];
  readonly mayMend: boolean;
  readonly tools: ReactNode;
}): ReactElement => (
  <header className={css["head"]}>
    <div>
      <h1>{words.title}</h1>
      <p className={css["state"]}>{sayState(list, mayMend)}</p>
    </div>
    {tools}
  </header>
);

const Lower = ({
  list,
  failure,
  all,
  ...rest
}: Omit<Parameters<typeof Content>[0], "list" | "all"> & {
  readonly list: readonly ShownDocument[] | null;
  readonly failure: Failure | null;
  readonly all: readonly Collection[] | null;
}): ReactElement | null => {
  if (list === null) return failure === null ? null : <NotRead failure={failure} />;
  return all === null ? null : <Content {...rest} list={list} all={all} />;
};

/** Documents and collections: what is there, how far it is, and adding more. */
export const DocumentsPage = (): ReactElement => {
  const isAdmin = useSession().user.role === "admin";
  const { list, failure, all } = useData();
  const [shown, setShown] = useState<string | null>(null);
  const known = all ?? [];
  const target = targetOf(known, shown);
  const mayAdd = target !== null || isAdmin;
  const { upload, newCollection, dialog } = useUpload(target, isAdmin, setShown);
  const { input, choose } = useFileDialog(upload, words.choose, false);
  const folder = useFileDialog(upload, words.uploadFolder, true);
  const may = { mayAdd, isAdmin, onChoose: choose };
  const tools = (
    <PageTools
      {...may}
      target={target}
      collections={known}
      onNewCollection={newCollection}
      onChooseFolder={folder.choose}
    />
  );
  return (
    <div className={css["page"]}>
      <div className={css["column"]}>
        <StatusLine />
        <Head list={list ?? []} mayMend={mayAdd} tools={tools} />
        {input}
        {folder.input}
        {mayAdd || all === null ? null : <p className={css["note"]}>{words.readOnly}</p>}
        <CollectionTabs collections={known} shown={shown} onShow={setShown} />
        <UploadList />
        <Lower {...may} list={list} failure={failure} all={all} shown={shown} />
      </div>
      {mayAdd ? (
        <DropArea label={words.drop(target?.name ?? words.newCollection)} onFiles={upload} />
      ) : null}
      {dialog}
    </div>
  );
};
