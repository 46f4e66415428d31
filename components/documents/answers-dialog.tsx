"use client";

import { useState, type ReactElement } from "react";

import { answerLanguages, answerStyles } from "#lib/core/chat/answer-instructions.ts";

import { api } from "#components/api/endpoints.ts";
import { failureOf, type Failure } from "#components/api/failure.ts";
import type { Collection } from "#components/api/shapes.ts";
import { collections } from "#components/shell/conversations.ts";
import { Button } from "#components/ui/button.tsx";
import { Dialog, DialogFoot } from "#components/ui/dialog.tsx";
import { ChoiceField, Field, TextField } from "#components/ui/field.tsx";
import { Notice } from "#components/ui/notice.tsx";

import { answersWords as words } from "./answers-words.ts";
import css from "./new-collection-dialog.module.css";

type Rules = Pick<
  Collection,
  "answerMode" | "refusalText" | "systemPrompt" | "answerStyle" | "answerLanguage"
>;

interface PartProps {
  readonly rules: Rules;
  readonly onChange: (change: Partial<Rules>) => void;
}

const modes: readonly (readonly [Rules["answerMode"], string])[] = [
  ["strict", words.strict],
  ["open", words.open],
];

const ModeChoice = ({ rules, onChange }: PartProps): ReactElement => (
  <fieldset className={css["choices"]}>
    <legend>{words.legend}</legend>
    {modes.map(([mode, label]) => (
      <label key={mode}>
        <input
          type="radio"
          name="answer-mode"
          checked={rules.answerMode === mode}
          onChange={() => {
            onChange({ answerMode: mode });
          }}
        />
        {label}
      </label>
    ))}
  </fieldset>
);

/** The languages by their names in the reader's own, in its order. */
function namedLanguages(): readonly (readonly [Rules["answerLanguage"], string])[] {
  const names = new Intl.DisplayNames(undefined, { type: "language" });
  const named = answerLanguages
    .filter((tag) => tag !== "question")
    .map((tag) => [tag, names.of(tag) ?? tag] as const);
  return [["question", words.ofQuestion], ...named.sort(([, a], [, b]) => a.localeCompare(b))];
}

const Wording = ({ rules, onChange }: PartProps): ReactElement => {
  const [languages] = useState(namedLanguages);
  return (
    <>
      <ChoiceField
        label={words.style}
        value={rules.answerStyle}
        onChange={({ target }) => {
          const answerStyle = answerStyles.find((style) => style === target.value);
          if (answerStyle !== undefined) onChange({ answerStyle });
        }}
      >
        {answerStyles.map((style) => (
          <option key={style} value={style}>
            {words.styles[style]}
          </option>
        ))}
      </ChoiceField>
      <ChoiceField
        label={words.language}
        hint={words.languageHint}
        value={rules.answerLanguage}
        onChange={({ target }) => {
          const answerLanguage = answerLanguages.find((tag) => tag === target.value);
          if (answerLanguage !== undefined) onChange({ answerLanguage });
        }}
      >
        {languages.map(([tag, name]) => (
          <option key={tag} value={tag}>
            {name}
          </option>
        ))}
      </ChoiceField>
      <TextField
        label={words.prompt}
        hint={words.promptHint}
        rows={4}
        value={rules.systemPrompt}
        maxLength={1000}
        onChange={(event) => {
          onChange({ systemPrompt: event.target.value });
        }}
      />
    </>
  );
};

const useSave = (collection: Collection, onSaved: () => void) => {
  const [busy, setBusy] = useState(false);
  const [failure, setFailure] = useState<Failure | null>(null);
  const save = async (rules: Rules): Promise<void> => {
    setBusy(true);
    setFailure(null);
    try {
      await api.changeCollection(collection.id, rules);
      await collections.refresh();
      onSaved();
    } catch (error) {
      setFailure(failureOf(error));
      setBusy(false);
    }
  };
  return { busy, failure, save };
};

const rulesOf = ({
  answerMode,
  refusalText,
  systemPrompt,
  answerStyle,
  answerLanguage,
}: Collection): Rules => ({ answerMode, refusalText, systemPrompt, answerStyle, answerLanguage });

/** How questions over a collection are answered, for who manages it. */
export const AnswersDialog = ({
  collection,
  onClose,
}: {
  readonly collection: Collection;
  readonly onClose: () => void;
}): ReactElement => {
  const [rules, setRules] = useState(() => rulesOf(collection));
  const { busy, failure, save } = useSave(collection, onClose);
  const change = (part: Partial<Rules>): void => {
    setRules((before) => ({ ...before, ...part }));
  };
  return (
    <Dialog title={words.title(collection.name)} onClose={onClose} wide>
      <form
        className={css["form"]}
        onSubmit={(event) => {
          event.preventDefault();
          const { refusalText, systemPrompt } = rules;
          void save({
            ...rules,
            refusalText: refusalText.trim(),
            systemPrompt: systemPrompt.trim(),
          });
        }}
      >
        {failure === null ? null : (
          <Notice tone="bad" code={failure.requestId}>
            {failure.message}
          </Notice>
        )}
        <Wording rules={rules} onChange={change} />
        <ModeChoice rules={rules} onChange={change} />
        <Field
          label={words.refusalLabel}
          hint={words.refusalHint}
          value={rules.refusalText}
          maxLength={1000}
          autoComplete="off"
          onChange={(event) => {
            change({ refusalText: event.target.value });
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
