"use client";

import type { ReactElement } from "react";

import { Button, IconButton } from "#components/ui/button.tsx";
import { useStore } from "#components/ui/store.ts";
import { saySize } from "#components/ui/time-words.ts";

import { uploads } from "./page-uploads.ts";
import css from "./upload-list.module.css";
import type { Upload } from "./uploads.ts";
import { words } from "./words.ts";

const sayProgress = (upload: Upload): string => {
  switch (upload.phase) {
    case "waiting":
      return words.waitingToUpload;
    case "sending":
      return `${words.uploading}: ${saySize(upload.sentBytes)} of ${saySize(upload.bytes)}`;
    case "failed":
      return upload.failure?.message ?? "";
    default:
      return upload.phase satisfies never;
  }
};

/** Sending the same bytes again helps only when the server or the way to it was at fault. */
const mayWorkLater = ({ failure }: Upload): boolean =>
  failure !== null && (failure.status === 0 || failure.status === 429 || failure.status >= 500);

const UploadRow = ({ upload }: { readonly upload: Upload }): ReactElement => {
  const failed = upload.phase === "failed";
  return (
    <li className={css["upload"]} data-phase={upload.phase}>
      <div className={css["words"]}>
        <p className={css["name"]} title={upload.fileName}>
          {upload.fileName}
        </p>
        <p className={css["state"]} role={failed ? "alert" : undefined}>
          {sayProgress(upload)}
        </p>
        {upload.phase === "sending" ? (
          <progress
            aria-label={`${words.uploading}: ${upload.fileName}`}
            value={upload.sentBytes}
            max={Math.max(1, upload.bytes)}
          />
        ) : null}
      </div>
      {failed && mayWorkLater(upload) ? (
        <Button
          onClick={() => {
            uploads.retry(upload.id);
          }}
        >
          {words.retry}
        </Button>
      ) : null}
      <IconButton
        icon="close"
        label={failed ? words.dismiss : words.cancelUpload(upload.fileName)}
        onClick={() => {
          uploads.cancel(upload.id);
        }}
      />
    </li>
  );
};

/** Files on their way to the server, and those it refused. */
export const UploadList = (): ReactElement | null => {
  const list = useStore(uploads.list, (value) => value);
  if (list.length === 0) return null;
  return (
    <ul className={css["uploads"]} aria-label={words.uploads}>
      {list.map((upload) => (
        <UploadRow key={upload.id} upload={upload} />
      ))}
    </ul>
  );
};
