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

import css from "./new-collection-dialog.module.css";
import { words } from "./words.ts";

type Visibility = "everyone" | "private";

const choices: readonly (readonly [Visibility, string])[] = [
  ["everyone", words.everyone],
  ["private", words.private],
];

const VisibilityChoice = ({
  value,
  onChange,
}: {
  readonly value: Visibility;
  readonly onChange: (value: Visibility) => void;
}): ReactElement => (
  <fieldset className={css["choices"]}>
    <legend>{words.visibility}</legend>
    {choices.map(([choice, label]) => (
      <label key={choice}>
        <input
          type="radio"
          name="visibility"
          checked={value === choice}
          onChange={() => {
            onChange(choice);
          }}
        />
        {label}
      </label>
    ))}
  </fieldset>
);

const useCreate = (onCreated: (collection: Collection) => void) => {
  const [busy, setBusy] = useState(false);
  const [failure, setFailure] = useState<Failure | null>(null);
  const create = async (body: Parameters<typeof api.createCollection>[0]): Promise<void> => {
    setBusy(true);
    setFailure(null);
    try {
      const { collection } = await api.createCollection(body);
      await collections.refresh();
      onCreated(collection);
    } catch (error) {
      setFailure(failureOf(error));
      setBusy(false);
    }
  };
  return { busy, failure, create };
};

/** Makes a collection, for admins. */
export const NewCollectionDialog = ({
  onClose,
  onCreated,
}: {
  readonly onClose: () => void;
  readonly onCreated: (collection: Collection) => void;
}): ReactElement => {
  const [name, setName] = useState("");
  const [description, setDescription] = useState("");
  const [visibility, setVisibility] = useState<Visibility>("everyone");
  const { busy, failure, create } = useCreate(onCreated);
  return (
    <Dialog title={words.newCollection} onClose={onClose}>
      <form
        className={css["form"]}
        onSubmit={(event) => {
          event.preventDefault();
          void create({ name: name.trim(), description: description.trim(), visibility });
        }}
      >
        {failure === null ? null : (
          <Notice tone="bad" code={failure.requestId}>
            {failure.message}
          </Notice>
        )}
        <Field
          label={words.nameLabel}
          hint={words.nameHint}
          value={name}
          maxLength={100}
          autoComplete="off"
          required
          onChange={(event) => {
            setName(event.target.value);
          }}
        />
        <Field
          label={words.descriptionLabel}
          value={description}
          maxLength={500}
          autoComplete="off"
          onChange={(event) => {
            setDescription(event.target.value);
          }}
        />
        <VisibilityChoice value={visibility} onChange={setVisibility} />
        <DialogFoot>
          <Button onClick={onClose}>{words.cancelDialog}</Button>
          <Button look="primary" type="submit" disabled={busy || name.trim() === ""}>
            {words.create}
          </Button>
        </DialogFoot>
      </form>
    </Dialog>
  );
};
