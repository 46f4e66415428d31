"use client";

import { useState, type ReactElement } from "react";

import { api } from "#components/api/endpoints.ts";
import { failureOf, type Failure } from "#components/api/failure.ts";
import type { Collection } from "#components/api/shapes.ts";
import { collections } from "#components/shell/conversations.ts";
import { Button } from "#components/ui/button.tsx";
import { Dialog, DialogFoot } from "#components/ui/dialog.tsx";
import { Field } from "#components/ui/field.tsx";
import { Notice } from "#components/ui/notice.tsx";

import { answersWords as words } from "./answers-words.ts";
import css from "./new-collection-dialog.module.css";

type Mode = Collection["answerMode"];

const modes: readonly (readonly [Mode, string])[] = [
  ["strict", words.strict],
  ["open", words.open],
];

const ModeChoice = ({
  value,
  onChange,
}: {
  readonly value: Mode;
  readonly onChange: (value: Mode) => void;
}): ReactElement => (
  <fieldset className={css["choices"]}>
    <legend>{words.legend}</legend>
    {modes.map(([mode, label]) => (
      <label key={mode}>
        <input
          type="radio"
          name="answer-mode"
          checked={value === mode}
          onChange={() => {
            onChange(mode);
          }}
        />
        {label}
      </label>
    ))}
  </fieldset>
);

/** What Drover does when the documents of a collection do not hold the answer. */
export const AnswersDialog = ({
  collection,
  onClose,
}: {
  readonly collection: Collection;
  readonly onClose: () => void;
}): ReactElement => {
  const [answerMode, setAnswerMode] = useState(collection.answerMode);
  const [refusalText, setRefusalText] = useState(collection.refusalText);
  const [busy, setBusy] = useState(false);
  const [failure, setFailure] = useState<Failure | null>(null);
  const save = async (): Promise<void> => {
    setBusy(true);
    setFailure(null);
    try {
      await api.changeCollection(collection.id, { answerMode, refusalText: refusalText.trim() });
      await collections.refresh();
      onClose();
    } catch (error) {
      setFailure(failureOf(error));
      setBusy(false);
    }
  };
  return (
    <Dialog title={words.title(collection.name)} onClose={onClose}>
      <form
        className={css["form"]}
        onSubmit={(event) => {
          event.preventDefault();
          void save();
        }}
      >
        {failure === null ? null : (
          <Notice tone="bad" code={failure.requestId}>
            {failure.message}
          </Notice>
        )}
        <ModeChoice value={answerMode} onChange={setAnswerMode} />
        <Field
          label={words.refusalLabel}
          hint={words.refusalHint}
          value={refusalText}
          maxLength={1000}
          autoComplete="off"
          onChange={(event) => {
            setRefusalText(event.target.value);
          }}
        />
        <DialogFoot>
          <Button onClick={onClose}>{words.cancel}</Button>
          <Button look="primary" type="submit" disabled={busy}>
            {words.save}
          </Button>
        </DialogFoot>
      </form>
    </Dialog>
  );
};
