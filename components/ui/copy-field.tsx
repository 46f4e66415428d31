"use client";

import { useId, useState, type ReactElement } from "react";

import { announce } from "./announcer.tsx";
import { Button } from "./button.tsx";
import css from "./copy-field.module.css";

/** Text that is shown once and has to go elsewhere. */
export const CopyField = ({
  label,
  value,
  copy = "Copy",
  copied = "Copied",
}: {
  readonly label: string;
  readonly value: string;
  readonly copy?: string;
  readonly copied?: string;
}): ReactElement => {
  const id = useId();
  const [done, setDone] = useState(false);
  const run = async (): Promise<void> => {
    await navigator.clipboard.writeText(value);
    setDone(true);
    announce(copied);
  };
  return (
    <div className={css["field"]}>
      <label htmlFor={id}>{label}</label>
      <div className={css["row"]}>
        <input
          id={id}
          readOnly
          value={value}
          onFocus={({ target }) => {
            target.select();
          }}
        />
        <Button
          look="primary"
          icon={done ? "check" : "copy"}
          onClick={() => {
            // Without permission the text is still there to be selected.
            run().catch(() => document.getElementById(id)?.focus());
          }}
        >
          {done ? copied : copy}
        </Button>
      </div>
    </div>
  );
};
