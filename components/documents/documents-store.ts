import { api } from "#components/api/endpoints.ts";
import { failureOf } from "#components/api/failure.ts";
import { createResource } from "#components/api/resource.ts";
import type { DocumentSummary } from "#components/api/shapes.ts";
import { collections } from "#components/shell/conversations.ts";
import { showToast, withUndo } from "#components/ui/toast.tsx";

import { keepFirst, timeLeftMs, type ProgressSample } from "./document-status.ts";
import { words } from "./words.ts";

export interface ShownDocument extends DocumentSummary {
  /** Time left in the stage it is in, in ms; `null` while that cannot be told. */
  readonly leftMs: number | null;
}

/** Deleted here, not yet on the server: kept out of the list while undo is offered. */
const leaving = new Set<string>();
const leavingCollections = new Set<string>();

const firstSamples = new Map<string, ProgressSample>();

const withTimeLeft = (document: DocumentSummary): ShownDocument => {
  if (document.status !== "processing") {
    firstSamples.delete(document.id);
    return { ...document, leftMs: null };
  }
  const now = { stage: document.stage, done: document.progressDone, atMs: Date.now() };
  const first = keepFirst(firstSamples.get(document.id) ?? null, now);
  firstSamples.set(document.id, first);
  return { ...document, leftMs: timeLeftMs(first, now, document.progressTotal) };
};

/** Every document the reader may see. */
export const documents = createResource<readonly ShownDocument[]>(async () => {
  const { documents: list } = await api.documents();
  return list
    .filter(({ id, collectionId }) => !leaving.has(id) && !leavingCollections.has(collectionId))
    .map(withTimeLeft);
});

const attempt = async (call: () => Promise<unknown>): Promise<boolean> => {
  try {
    await call();
    return true;
  } catch (error) {
    showToast(failureOf(error).message);
    return false;
  }
};

const refreshBoth = async (): Promise<void> => {
  await Promise.all([documents.refresh(), collections.refresh()]);
};

export const retryDocument = async (id: string): Promise<void> => {
  await attempt(() => api.retryDocument(id));
  await documents.refresh();
};

export const cancelDocument = async (id: string): Promise<void> => {
  await attempt(() => api.cancelDocument(id));
  await documents.refresh();
};

/** Takes documents off the page now and off the server when undo has passed. */
export const removeDocuments = (removed: readonly DocumentSummary[]): void => {
  const [only] = removed;
  if (only === undefined) return;
  const ids = removed.map(({ id }) => id);
  const comeBack = (): void => {
    for (const id of ids) leaving.delete(id);
    void documents.refresh();
  };
  for (const id of ids) leaving.add(id);
  documents.update((list) => list.filter(({ id }) => !leaving.has(id)));
  const remove = async (pageCloses: boolean): Promise<void> => {
    const gone = await Promise.all(
      ids.map((id) => attempt(() => api.removeDocument(id, pageCloses))),
    );
    if (gone.includes(false)) comeBack();
    else void collections.refresh();
  };
  withUndo({
    text: removed.length === 1 ? words.deleted(only.title) : words.deletedMany(removed.length),
    undoLabel: words.undo,
    undo: comeBack,
    commit: (pageCloses) => void remove(pageCloses),
  });
};

/** Takes a collection off the page now and off the server when undo has passed. */
const removeWithUndo = (
  collection: { readonly id: string; readonly text: string },
  commit: (pageCloses: boolean) => Promise<unknown>,
): void => {
  const comeBack = (): void => {
    leavingCollections.delete(collection.id);
    void refreshBoth();
  };
  leavingCollections.add(collection.id);
  collections.update((list) => list.filter(({ id }) => id !== collection.id));
  documents.update((list) => list.filter(({ collectionId }) => collectionId !== collection.id));
  withUndo({
    text: collection.text,
    undoLabel: words.undo,
    undo: comeBack,
    commit: (pageCloses) => void attempt(() => commit(pageCloses)).then(comeBack),
  });
};

export const removeCollection = (collection: {
  readonly id: string;
  readonly name: string;
  readonly documentCount: number;
}): void => {
  removeWithUndo(
    {
      id: collection.id,
      text: words.deletedCollection(collection.name, collection.documentCount),
    },
    (pageCloses) => api.removeCollection(collection.id, pageCloses),
  );
};

export const removeDemo = (collectionId: string): void => {
  removeWithUndo({ id: collectionId, text: words.removedDemo }, () => api.removeDemo());
};
