"use client";

import { useEffect, useEffectEvent, useState, type ReactElement } from "react";

import { droppedFiles, pastedFiles } from "./dropped-files.ts";
import css from "./drop-area.module.css";
import { words } from "./words.ts";

const carriesFiles = (event: DragEvent): boolean =>
  event.dataTransfer?.types.includes("Files") === true;

/** Takes files and folders that are dropped, and what is pasted, anywhere on the page, and says where they would go. */
export const DropArea = ({
  label,
  onFiles,
}: {
  readonly label: string;
  readonly onFiles: (files: readonly File[]) => void;
}): ReactElement | null => {
  const [over, setOver] = useState(false);
  const dropped = useEffectEvent((files: readonly File[]) => {
    onFiles(files);
  });
  useEffect(() => {
    const leave = new AbortController();
    const listen = (
      type: "dragenter" | "dragover" | "dragleave" | "drop",
      on: (event: DragEvent) => void,
    ) => {
      document.addEventListener(
        type,
        (event) => {
          if (carriesFiles(event)) on(event);
        },
        { signal: leave.signal },
      );
    };
    const hold = (event: DragEvent): void => {
      event.preventDefault();
      setOver(true);
    };
    listen("dragenter", hold);
    listen("dragover", hold);
    listen("dragleave", (event) => {
      if (event.relatedTarget === null) setOver(false);
    });
    listen("drop", (event) => {
      event.preventDefault();
      setOver(false);
      if (event.dataTransfer !== null) void droppedFiles(event.dataTransfer).then(dropped);
    });
    document.addEventListener(
      "paste",
      (event) => {
        const files = pastedFiles(event, words.pastedName);
        if (files.length > 0) dropped(files);
      },
      { signal: leave.signal },
    );
    return () => {
      leave.abort();
    };
  }, []);
  return over ? (
    <div className={css["veil"]}>
      <p>{label}</p>
    </div>
  ) : null;
};
