"use client";

import type { ReactElement } from "react";

import { IconButton } from "#components/ui/button.tsx";
import { Icon } from "#components/ui/icon.tsx";

import css from "./attachment-list.module.css";
import { detachFile, type Attachments } from "./attachments-store.ts";
import { sayFileStatus, words } from "./words.ts";

/** The files of this chat over the composer, each with its state in a word. */
export const AttachmentList = ({
  conversationId,
  files,
}: {
  readonly conversationId: string;
  readonly files: Attachments;
}): ReactElement | null => {
  if (files.documents.length === 0 && files.sending.length === 0) return null;
  return (
    <ul className={css["list"]} aria-label={words.attached} title={words.attachedHint}>
      {files.documents.map((document) => (
        <li key={document.id} className={css["file"]} data-failed={document.status === "failed"}>
          <Icon name="document" size={14} />
          <span className={css["name"]} title={document.fileName} dir="auto">
            {document.fileName}
          </span>
          <span className={css["state"]}>{sayFileStatus(document)}</span>
          <IconButton
            icon="close"
            size={14}
            label={words.detach(document.fileName)}
            className={css["remove"]}
            onClick={() => void detachFile(conversationId, document.id)}
          />
        </li>
      ))}
      {files.sending.map((name, index) => (
        <li key={`${name} ${String(index)}`} className={css["file"]}>
          <Icon name="upload" size={14} />
          <span className={css["name"]} dir="auto">
            {name}
          </span>
          <span className={css["state"]}>{words.attaching}</span>
        </li>
      ))}
    </ul>
  );
};
