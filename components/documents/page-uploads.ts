import { replacementPath, uploadPath } from "#components/api/endpoints.ts";
import { failureOf } from "#components/api/failure.ts";
import { collections } from "#components/shell/conversations.ts";
import { showToast } from "#components/ui/toast.tsx";

import { documents } from "./documents-store.ts";
import { sendFile } from "./send-file.ts";
import { createUploads } from "./uploads.ts";
import { words } from "./words.ts";

/** The uploads of this page. They go on while one reads or asks. */
export const uploads = createUploads({
  send: (file, collectionId, onSent, signal) =>
    sendFile(file, uploadPath(collectionId, file.name), onSent, signal),
  onDone: (upload, duplicate) => {
    if (duplicate) showToast(words.duplicate(upload.fileName));
    void documents.refresh();
    void collections.refresh();
  },
});

/** Asks for a file and sends it as the new version of a document. */
export const replaceDocument = (document: {
  readonly id: string;
  readonly title: string;
}): void => {
  const input = window.document.createElement("input");
  input.type = "file";
  input.addEventListener("change", () => {
    const file = input.files?.[0];
    if (file === undefined) return;
    const path = replacementPath(document.id, file.name);
    showToast(words.replacing(document.title));
    sendFile(file, path, () => undefined, new AbortController().signal, "PUT")
      .then(({ unchanged }) => {
        if (unchanged) showToast(words.unchanged(document.title));
      })
      .catch((error: unknown) => {
        showToast(failureOf(error).message);
      })
      .finally(() => void documents.refresh());
  });
  input.click();
};
