"use client";

import { useState, type ReactElement, type ReactNode } from "react";

import { collectionLanguages } from "#lib/core/rag/search-languages.ts";

import { api } from "#components/api/endpoints.ts";
import { failureOf, type Failure } from "#components/api/failure.ts";
import type { Collection } from "#components/api/shapes.ts";
import { collections } from "#components/shell/conversations.ts";
import { useSession } from "#components/shell/session.tsx";
import { Button } from "#components/ui/button.tsx";
import { Dialog } from "#components/ui/dialog.tsx";
import { ChoiceField, Field } from "#components/ui/field.tsx";
import { Notice } from "#components/ui/notice.tsx";
import { showToast } from "#components/ui/toast.tsx";

import { documents } from "./documents-store.ts";
import { SourcesPart } from "./sources-part.tsx";
import css from "./upkeep-dialog.module.css";
import { upkeepWords as words } from "./upkeep-words.ts";

/** Days as typed: `null` = kept for ever, undefined = no such number. */
function daysOf(typed: string): number | null | undefined {
  const text = typed.trim();
  if (text === "") return null;
  const days = Number(text);
  return /^\d{1,5}$/.test(text) && days >= 1 && days <= 36_500 ? days : undefined;
}

/** One setting of the collection, saved by itself. */
const SettingPart = ({
  canSave,
  save,
  children,
}: {
  readonly canSave: boolean;
  readonly save: () => Promise<void>;
  readonly children: ReactNode;
}): ReactElement => {
  const [failure, setFailure] = useState<Failure | null>(null);
  const submit = async (): Promise<void> => {
    setFailure(null);
    try {
      await save();
    } catch (error) {
      setFailure(failureOf(error));
    }
  };
  return (
    <form
      className={css["part"]}
      onSubmit={(event) => {
        event.preventDefault();
        if (canSave) void submit();
      }}
    >
      {failure === null ? null : (
        <Notice tone="bad" code={failure.requestId}>
          {failure.message}
        </Notice>
      )}
      {children}
      <div className={css["foot"]}>
        <Button type="submit" disabled={!canSave}>
          {words.save}
        </Button>
      </div>
    </form>
  );
};

const RetentionPart = ({ collection }: { readonly collection: Collection }): ReactElement => {
  const [typed, setTyped] = useState(collection.retentionDays?.toString() ?? "");
  const days = daysOf(typed);
  const save = async (): Promise<void> => {
    if (days === undefined) return;
    await api.changeCollection(collection.id, { retentionDays: days });
    await collections.refresh();
    showToast(words.saved);
  };
  return (
    <SettingPart canSave={days !== undefined} save={save}>
      <Field
        label={words.retention}
        hint={words.retentionHint}
        fault={days === undefined ? words.retentionFault : null}
        inputMode="numeric"
        autoComplete="off"
        value={typed}
        onChange={({ target }) => {
          setTyped(target.value);
        }}
      />
    </SettingPart>
  );
};

const nameOf = (language: string): string =>
  words.languages[language] ?? `${language.charAt(0).toUpperCase()}${language.slice(1)}`;

const LanguagePart = ({ collection }: { readonly collection: Collection }): ReactElement => {
  const [language, setLanguage] = useState(collection.language);
  const save = async (): Promise<void> => {
    await api.changeCollection(collection.id, { language });
    await Promise.all([collections.refresh(), documents.refresh()]);
    showToast(words.rereading);
  };
  return (
    <SettingPart canSave={language !== collection.language} save={save}>
      <ChoiceField
        label={words.language}
        hint={words.languageHint}
        value={language}
        onChange={({ target }) => {
          setLanguage(target.value);
        }}
      >
        {collectionLanguages.map((one) => (
          <option key={one} value={one}>
            {nameOf(one)}
          </option>
        ))}
      </ChoiceField>
    </SettingPart>
  );
};

/** In which language documents are searched, how long they stay, and what they are kept in step with. */
export const UpkeepDialog = ({
  collection,
  onClose,
}: {
  readonly collection: Collection;
  readonly onClose: () => void;
}): ReactElement => {
  const isAdmin = useSession().user.role === "admin";
  return (
    <Dialog title={words.title(collection.name)} onClose={onClose} wide>
      <LanguagePart collection={collection} />
      <RetentionPart collection={collection} />
      {isAdmin ? <SourcesPart collectionId={collection.id} /> : null}
    </Dialog>
  );
};
