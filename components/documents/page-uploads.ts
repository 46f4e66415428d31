import { uploadPath } from "#components/api/endpoints.ts";
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
