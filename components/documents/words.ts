import type { DocumentSummary } from "#components/api/shapes.ts";
import { sayCount } from "#components/ui/time-words.ts";

import { isBeingRead } from "./document-status.ts";

/** Every sentence of the documents page. */
export const words = {
  title: "Documents",
  upload: "Upload",
  into: "Into",
  newCollection: "New collection",
  more: "More",
  addDemo: "Add the demo documents",
  removeDemo: "Remove the demo documents",
  removedDemo: "Removed: the demo documents",
  undo: "Undo",
  all: "All",
  collections: "Collections",
  deleteCollection: (name: string) => `Delete ${name}`,
  deletedCollection: (name: string, count: number) =>
    `Deleted: ${name}${count === 0 ? "" : ` and its ${sayCount(count, "document", "documents")}`}`,
  moreFor: (name: string) => `More for ${name}`,
  columns: {
    name: "Name",
    collection: "Collection",
    pages: "Pages",
    chunks: "Chunks",
    status: "Status",
    by: "By",
    when: "Added",
    actions: "Actions",
  },
  open: (title: string) => `Read ${title}`,
  openAction: "Open as it was read",
  download: "Download the original",
  retry: "Try again",
  cancel: "Cancel",
  delete: "Delete",
  dismiss: "Dismiss",
  deleted: (title: string) => `Deleted: ${title}`,
  duplicate: (name: string) => `${name} is in this collection already.`,
  notArrived:
    "The server cannot be reached, so this file has not arrived. Try again in a moment; keep this page open until then.",
  uploading: "Uploading",
  waitingToUpload: "Waiting to upload",
  uploads: "Uploads",
  cancelUpload: (name: string) => `Cancel the upload of ${name}`,
  drop: (collection: string) => `Drop to add to ${collection}`,
  dropNowhere: "There is no collection you may add to",
  emptyTitle: "No documents yet",
  emptyText:
    "Drop files anywhere on this page, or choose them. They can be searched within seconds.",
  emptyCollection: "This collection is empty. Drop files anywhere on this page to add them.",
  emptyReader: "There is nothing here that you may read yet. Ask an admin.",
  formats:
    "PDF, Word, PowerPoint, Excel, OpenDocument, RTF, EPUB, HTML, Markdown, text, CSV, JSON and source code",
  uploadFolder: "Upload a folder",
  pastedName: "Pasted text.txt",
  replace: "Replace with a new version",
  replacing: (title: string) => `Sending the new version of ${title}`,
  unchanged: (title: string) => `${title} is the same as before.`,
  updating: "A new version is being read; the old one is found until then.",
  choose1: (title: string) => `Choose ${title}`,
  chooseAll: "Choose all documents",
  chosenRegion: "Chosen documents",
  chosen: (count: number) => `${sayCount(count, "document", "documents")} chosen`,
  retryMany: (count: number) => `Try ${String(count)} again`,
  cancelMany: (count: number) => `Cancel ${String(count)}`,
  deleteMany: (count: number) => `Delete ${String(count)}`,
  clearChosen: "Choose none",
  deletedMany: (count: number) => `Deleted: ${sayCount(count, "document", "documents")}`,
  choose: "Choose files",
  readOnly: "You can read these documents. Only admins and people with write access add to them.",
  failed: "The documents could not be read.",
  nameLabel: "Name",
  nameHint: "What people choose when they ask, such as Staff handbook.",
  descriptionLabel: "What is in it (optional)",
  visibility: "Who may read it",
  everyone: "Everyone in the workspace",
  private: "Only me and admins",
  create: "Create",
  cancelDialog: "Cancel",
  loading: "Reading the list",
} as const;

/** The first line of the page: how things stand, in words. What went wrong needs the attention of those who can mend it. */
export const sayState = (documents: readonly DocumentSummary[], mayMend: boolean): string => {
  if (documents.length === 0) return "";
  const reading = documents.filter(isBeingRead).length;
  const failed = documents.filter(({ status }) => status === "failed").length;
  const ready = documents.filter(({ status }) => status === "ready").length;
  const parts = [
    ...(reading === 0 ? [] : [`${sayCount(reading, "is", "are")} being read`]),
    ...(failed === 0 || !mayMend ? [] : [`${sayCount(failed, "needs", "need")} your attention`]),
  ];
  const searchable =
    ready === documents.length
      ? `${sayCount(ready, "document", "documents")}, all searchable`
      : `${sayCount(ready, "document", "documents")} searchable`;
  return `${[searchable, ...parts].join("; ")}.`;
};
