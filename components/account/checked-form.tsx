"use client";

import { useEffect, useRef, useState, type ReactElement, type ReactNode } from "react";

import css from "./form.module.css";

/** A form that checks its fields itself: after an attempt the first field with a fault has the focus, and a refused one gives it back to where it was. */
export const CheckedForm = ({
  onSubmit,
  busy,
  className = css["form"],
  children,
}: {
  readonly onSubmit: () => void;
  readonly busy: boolean;
  readonly className?: string | undefined;
  readonly children: ReactNode;
}): ReactElement => {
  const ref = useRef<HTMLFormElement>(null);
  const before = useRef<Element | null>(null);
  const [attempts, setAttempts] = useState(0);
  useEffect(() => {
    if (attempts > 0) ref.current?.querySelector<HTMLElement>("[aria-invalid]")?.focus();
  }, [attempts]);
  useEffect(() => {
    // The button cannot be used, nor keep the focus, while the form is busy.
    if (!busy && before.current instanceof HTMLElement) before.current.focus();
  }, [busy]);
  return (
    <form
      ref={ref}
      noValidate
      className={className}
      onSubmit={(event) => {
        event.preventDefault();
        before.current = document.activeElement;
        setAttempts((count) => count + 1);
        onSubmit();
      }}
    >
      {children}
    </form>
  );
};
