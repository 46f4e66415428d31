"use client";

import { useId, type ComponentPropsWithRef, type ReactElement } from "react";

import css from "./field.module.css";

interface FieldProps extends Omit<ComponentPropsWithRef<"input">, "id" | "className"> {
  readonly label: string;
  readonly hint?: string;
  /** What is wrong with the value and how to mend it. */
  readonly fault?: string | null;
}

export const Field = ({ label, hint, fault = null, ...rest }: FieldProps): ReactElement => {
  const id = useId();
  const noteId = `${id}-note`;
  const noted = fault !== null || hint !== undefined;
  return (
    <div className={css["field"]}>
      <label htmlFor={id} className={css["label"]}>
        {label}
      </label>
      <input
        {...rest}
        id={id}
        className={css["input"]}
        aria-invalid={fault === null ? undefined : true}
        aria-describedby={noted ? noteId : undefined}
      />
      {fault === null ? null : (
        <p id={noteId} className={css["fault"]}>
          {fault}
        </p>
      )}
      {fault === null && hint !== undefined ? (
        <p id={noteId} className={css["hint"]}>
          {hint}
        </p>
      ) : null}
    </div>
  );
};
