import { attachPath, chatApi } from "#components/api/chat-endpoints.ts";
import { api } from "#components/api/endpoints.ts";
import { failureOf } from "#components/api/failure.ts";
import type { DocumentSummary } from "#components/api/shapes.ts";
import { unlessSame } from "#components/api/unless-same.ts";
import { sendFile } from "#components/documents/send-file.ts";
import { createStore } from "#components/ui/store.ts";
import { showToast } from "#components/ui/toast.tsx";

import { words } from "./words.ts";

export interface Attachments {
  readonly documents: readonly DocumentSummary[];
  /** Names of files on their way to the server. */
  readonly sending: readonly string[];
}

export const noAttachments: Attachments = { documents: [], sending: [] };

/** Files of each conversation on this page. */
export const attachments = createStore<ReadonlyMap<string, Attachments>>(new Map());

const pollMs = 1_000;
const polled = new Set<string>();

const change = (id: string, next: (state: Attachments) => Attachments): void => {
  attachments.set((all) => new Map(all).set(id, next(all.get(id) ?? noAttachments)));
};

export const isBeingRead = ({ status }: DocumentSummary): boolean =>
  status === "queued" || status === "processing";

const begun = new Map<string, number>();

const read = async (id: string): Promise<void> => {
  const turn = (begun.get(id) ?? 0) + 1;
  begun.set(id, turn);
  try {
    const { documents } = await chatApi.attachments(id);
    // What was asked for later knows more.
    if (begun.get(id) === turn) change(id, (state) => unlessSame({ ...state, documents }, state));
  } catch {
    // The chat itself says when the server cannot be reached.
  }
};

/** Reads the files of a conversation, and again every second while one is being read. */
export const loadAttachments = async (id: string): Promise<void> => {
  if (polled.has(id)) return;
  polled.add(id);
  await read(id);
  polled.delete(id);
  const open = attachments.get().get(id)?.documents.some(isBeingRead) === true;
  if (open) setTimeout(() => void loadAttachments(id), pollMs);
};

const attachOne = async (id: string, file: File): Promise<void> => {
  change(id, (state) => ({ ...state, sending: [...state.sending, file.name] }));
  try {
    await sendFile(file, attachPath(id, file.name), () => undefined, new AbortController().signal);
  } catch (error) {
    showToast(`${words.attachFailed(file.name)} ${failureOf(error).message}`);
  }
  // Known as a document before it is no longer one on its way: nothing may be asked in between.
  await read(id);
  change(id, ({ documents, sending }) => {
    const at = sending.indexOf(file.name);
    return { documents, sending: sending.filter((_, index) => index !== at) };
  });
  await loadAttachments(id);
};

/** Adds files to a conversation, one after the other. */
export const attachFiles = async (id: string, files: readonly File[]): Promise<void> => {
  for (const file of files) await attachOne(id, file);
};

export const detachFile = async (id: string, documentId: string): Promise<void> => {
  const before = attachments.get().get(id) ?? noAttachments;
  change(id, (state) => ({
    ...state,
    documents: state.documents.filter((document) => document.id !== documentId),
  }));
  try {
    await api.removeDocument(documentId, false);
  } catch (error) {
    change(id, () => before);
    showToast(failureOf(error).message);
  }
};
