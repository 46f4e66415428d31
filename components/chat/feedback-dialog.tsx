"use client";

import { useId, useState, type ReactElement } from "react";

import { Button } from "#components/ui/button.tsx";
import { classNames } from "#components/ui/class-names.ts";
import { Dialog, DialogFoot } from "#components/ui/dialog.tsx";

import css from "./feedback-dialog.module.css";
import { words } from "./words.ts";

const longestReason = 1_000;

/** Asks what was wrong with an answer; every part of it is optional. */
export const FeedbackDialog = ({
  onClose,
  onSend,
}: {
  readonly onClose: () => void;
  readonly onSend: (reason: string | undefined) => void;
}): ReactElement => {
  const [picked, setPicked] = useState<string | null>(null);
  const [text, setText] = useState("");
  const id = useId();
  const reason = [picked, text.trim()].filter((part) => part !== null && part !== "").join(": ");
  return (
    <Dialog title={words.whyPoor} onClose={onClose}>
      <form
        onSubmit={(event) => {
          event.preventDefault();
          onSend(reason === "" ? undefined : reason);
        }}
      >
        <div className={css["reasons"]}>
          {words.reasons.map((one) => (
            <button
              key={one}
              type="button"
              className={classNames(css["reason"])}
              aria-pressed={picked === one}
              onClick={() => {
                setPicked((old) => (old === one ? null : one));
              }}
            >
              {one}
            </button>
          ))}
        </div>
        <label htmlFor={id} className={css["label"]}>
          {words.whyPoorHint}
        </label>
        <textarea
          id={id}
          className={css["text"]}
          rows={3}
          maxLength={longestReason}
          value={text}
          onChange={(event) => {
            setText(event.target.value);
          }}
        />
        <p className={css["seen"]}>{words.feedbackSeen}</p>
        <DialogFoot>
          <Button look="primary" type="submit">
            {words.sendFeedback}
          </Button>
        </DialogFoot>
      </form>
    </Dialog>
  );
};
