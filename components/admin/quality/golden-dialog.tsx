"use client";

import { useEffect, useId, useState, type ReactElement } from "react";

import { Failed } from "#components/account/failed.tsx";
import { useSubmit } from "#components/account/use-submit.ts";
import { api } from "#components/api/endpoints.ts";
import { qualityApi } from "#components/api/quality-endpoints.ts";
import type { GoldenQuestion, GoldenText } from "#components/api/quality-shapes.ts";
import type { DocumentSummary } from "#components/api/shapes.ts";
import { Button } from "#components/ui/button.tsx";
import { Dialog, DialogFoot } from "#components/ui/dialog.tsx";
import { showToast } from "#components/ui/toast.tsx";

import { CollectionSelect, useCollections } from "./collection-select.tsx";
import css from "./quality.module.css";
import { goldenWords, words } from "./words.ts";

/** File names to choose from; the field takes any other too. */
const useFileNames = (collectionId: string): readonly string[] => {
  const [documents, setDocuments] = useState<readonly DocumentSummary[]>([]);
  useEffect(() => {
    api.documents().then(
      (answer) => {
        setDocuments(answer.documents);
      },
      // The names are a help for typing, nothing more.
      () => undefined,
    );
  }, []);
  return documents
    .filter((document) => document.collectionId === collectionId)
    .map(({ fileName }) => fileName);
};

type Change = (change: Partial<GoldenText>) => void;

const Passage = ({
  value,
  fileName,
  fileNames,
  onChange,
}: {
  readonly value: GoldenText;
  readonly fileName: string;
  readonly fileNames: readonly string[];
  readonly onChange: Change;
}): ReactElement => {
  const id = useId();
  return (
    <>
      <label className={css["label"]} htmlFor={`${id}-file`}>
        {goldenWords.fileLabel}
      </label>
      <input
        id={`${id}-file`}
        className={css["input"]}
        list={`${id}-files`}
        required
        maxLength={255}
        placeholder={goldenWords.filePlaceholder}
        value={fileName}
        onChange={({ target }) => {
          onChange({ fileName: target.value });
        }}
      />
      <datalist id={`${id}-files`}>
        {fileNames.map((name) => (
          <option key={name} value={name} />
        ))}
      </datalist>
      <label className={css["label"]} htmlFor={`${id}-passage`}>
        {goldenWords.passageLabel}
      </label>
      <textarea
        id={`${id}-passage`}
        className={css["input"]}
        aria-describedby={`${id}-hint`}
        rows={3}
        maxLength={2000}
        value={value.passage}
        onChange={({ target }) => {
          onChange({ passage: target.value });
        }}
      />
      <p id={`${id}-hint`} className={css["hint"]}>
        {goldenWords.passageHint}
      </p>
    </>
  );
};

const Answered = ({
  value,
  onChange,
}: {
  readonly value: GoldenText;
  readonly onChange: Change;
}): ReactElement => {
  const name = useId();
  return (
    <fieldset className={css["choices"]}>
      <legend>{goldenWords.answeredBy}</legend>
      {[true, false].map((by) => (
        <label key={String(by)}>
          <input
            type="radio"
            name={name}
            checked={(value.fileName !== null) === by}
            onChange={() => {
              onChange(by ? { fileName: "" } : { fileName: null, passage: "" });
            }}
          />
          {by ? goldenWords.answeredByDocument : goldenWords.answeredByNone}
        </label>
      ))}
    </fieldset>
  );
};

const Question = ({
  value,
  onChange,
}: {
  readonly value: GoldenText;
  readonly onChange: Change;
}): ReactElement => {
  const id = useId();
  return (
    <>
      <label className={css["label"]} htmlFor={id}>
        {goldenWords.questionLabel}
      </label>
      <textarea
        id={id}
        className={css["input"]}
        rows={2}
        required
        maxLength={8000}
        value={value.question}
        onChange={({ target }) => {
          onChange({ question: target.value });
        }}
      />
    </>
  );
};

interface GoldenDialogProps {
  readonly start: GoldenText;
  /** Where it belongs; `null`: to be chosen. */
  readonly collectionId: string | null;
  readonly answerId?: string;
  readonly edited?: GoldenQuestion;
  readonly onClose: () => void;
  readonly onSaved: () => void;
}

async function save(
  { edited, answerId }: GoldenDialogProps,
  collectionId: string,
  { question, fileName, passage }: GoldenText,
): Promise<void> {
  const text = { question, fileName, passage };
  if (edited !== undefined) {
    await qualityApi.changeGolden(edited.id, text);
    showToast(goldenWords.saved);
    return;
  }
  const from = answerId === undefined ? {} : { answerId };
  const { added } = await qualityApi.addGolden(collectionId, { ...text, ...from });
  showToast(added === 1 ? goldenWords.added : goldenWords.known);
}

/** Writes a golden question, or changes one. */
export const GoldenDialog = (props: GoldenDialogProps): ReactElement => {
  const { start, collectionId, edited, onClose, onSaved } = props;
  const [value, setValue] = useState(start);
  const collections = useCollections();
  const [chosen, setChosen] = useState(collectionId);
  const collection = chosen ?? collections[0]?.id ?? "";
  const fileNames = useFileNames(collection);
  const { busy, failure, run } = useSubmit();
  const change: Change = (part) => {
    setValue({ ...value, ...part });
  };
  const send = async (): Promise<void> => {
    await save(props, collection, value);
    onSaved();
    onClose();
  };
  const { fileName } = value;
  return (
    <Dialog title={goldenWords.dialogTitles[edited ? "edit" : "add"]} onClose={onClose} wide>
      <form
        className={css["form"]}
        onSubmit={(event) => {
          event.preventDefault();
          void run(send);
        }}
      >
        <Failed failure={failure} />
        <Question value={value} onChange={change} />
        {edited === undefined ? (
          <CollectionSelect
            label={goldenWords.collection}
            value={collection}
            onChange={setChosen}
          />
        ) : null}
        <Answered value={value} onChange={change} />
        {fileName === null ? null : (
          <Passage {...{ value, fileName, fileNames }} onChange={change} />
        )}
        <DialogFoot>
          <Button onClick={onClose}>{words.cancel}</Button>
          <Button look="primary" type="submit" disabled={busy || collection === ""}>
            {words.save}
          </Button>
        </DialogFoot>
      </form>
    </Dialog>
  );
};
