"use client";

import { useEffect, useId, useRef, type ReactElement, type ReactNode } from "react";

import { IconButton } from "./button.tsx";
import { classNames } from "./class-names.ts";
import css from "./dialog.module.css";

/** A modal dialog: the browser keeps the focus inside and gives it back when it closes. Mounted only while it is open. */
export const Dialog = ({
  title,
  onClose,
  wide = false,
  children,
}: {
  readonly title: string;
  readonly onClose: () => void;
  readonly wide?: boolean;
  readonly children: ReactNode;
}): ReactElement => {
  const ref = useRef<HTMLDialogElement>(null);
  const titleId = useId();
  useEffect(() => {
    const dialog = ref.current;
    if (dialog === null) return undefined;
    const before = document.activeElement;
    if (!dialog.open) dialog.showModal();
    // What there is to fill in comes before the way out.
    dialog.querySelector<HTMLElement>("input, textarea, select")?.focus();
    return () => {
      dialog.close();
      if (before instanceof HTMLElement && before.isConnected) before.focus();
    };
  }, []);
  return (
    <dialog
      ref={ref}
      className={classNames(css["dialog"], wide && css["wide"])}
      aria-labelledby={titleId}
      onCancel={(event) => {
        event.preventDefault();
        onClose();
      }}
      onPointerDown={(event) => {
        if (event.target === ref.current) onClose();
      }}
    >
      <div className={css["head"]}>
        <h2 id={titleId}>{title}</h2>
        <IconButton icon="close" label="Close" onClick={onClose} />
      </div>
      <div className={css["content"]}>{children}</div>
    </dialog>
  );
};

export const DialogFoot = ({ children }: { readonly children: ReactNode }): ReactElement => (
  <div className={css["foot"]}>{children}</div>
);
