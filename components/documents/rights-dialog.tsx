"use client";

import { useEffect, useState, type ReactElement } from "react";

import { useSubmit } from "#components/account/use-submit.ts";
import { api } from "#components/api/endpoints.ts";
import { failureOf, type Failure } from "#components/api/failure.ts";
import type { CollectionRights, Grant } from "#components/api/people-shapes.ts";
import type { Collection } from "#components/api/shapes.ts";
import { Button, IconButton } from "#components/ui/button.tsx";
import { Dialog, DialogFoot } from "#components/ui/dialog.tsx";
import { Notice } from "#components/ui/notice.tsx";
import { showToast } from "#components/ui/toast.tsx";
import type { CollectionRight } from "#lib/core/access/actor.ts";

import css from "./rights-dialog.module.css";
import { rightsWords as words } from "./rights-words.ts";

const keyOf = ({ subjectKind, subjectId }: Pick<Grant, "subjectKind" | "subjectId">): string =>
  `${subjectKind} ${subjectId}`;
const everyone = "everyone *";

interface Subject {
  readonly key: string;
  readonly kind: Grant["subjectKind"];
  readonly id: string;
  readonly name: string;
  readonly note: string;
}

const subjectsOf = ({ people, groups }: CollectionRights): readonly Subject[] => [
  { key: everyone, kind: "everyone", id: "*", name: words.everyone, note: "" },
  ...groups.map(({ id, name }) => ({
    key: `group ${id}`,
    kind: "group" as const,
    id,
    name,
    note: words.group,
  })),
  ...people.map(({ id, name, email }) => ({
    key: `user ${id}`,
    kind: "user" as const,
    id,
    name,
    note: email,
  })),
];

const RightSelect = ({
  label,
  value,
  onChange,
}: {
  readonly label: string;
  readonly value: CollectionRight;
  readonly onChange: (right: CollectionRight) => void;
}): ReactElement => (
  <select
    aria-label={label}
    value={value}
    onChange={({ target }) => {
      onChange(target.value as CollectionRight);
    }}
  >
    {Object.entries(words.rights).map(([right, name]) => (
      <option key={right} value={right}>
        {name}
      </option>
    ))}
  </select>
);

type Given = ReadonlyMap<string, CollectionRight>;

const Rows = ({
  subjects,
  given,
  onChange,
}: {
  readonly subjects: readonly Subject[];
  readonly given: Given;
  readonly onChange: (key: string, right: CollectionRight | null) => void;
}): ReactElement => (
  <ul className={css["rows"]}>
    {subjects.map(({ key, name, note }) => {
      const right = given.get(key);
      return right === undefined ? null : (
        <li key={key} className={css["row"]}>
          <span className={css["subject"]}>
            <span>{name}</span>
            <span className={css["note"]}>{note}</span>
          </span>
          <RightSelect
            label={words.rightOf(name)}
            value={right}
            onChange={(chosen) => {
              onChange(key, chosen);
            }}
          />
          <IconButton
            icon="close"
            label={words.takeFrom(name)}
            onClick={() => {
              onChange(key, null);
            }}
          />
        </li>
      );
    })}
  </ul>
);

const AddSelect = ({
  subjects,
  onAdd,
}: {
  readonly subjects: readonly Subject[];
  readonly onAdd: (key: string) => void;
}): ReactElement | null =>
  subjects.length === 0 ? null : (
    <select
      className={css["add"]}
      aria-label={words.add}
      value=""
      onChange={({ target }) => {
        onAdd(target.value);
      }}
    >
      <option value="">{words.add}…</option>
      {subjects.map(({ key, name, note }) => (
        <option key={key} value={key}>
          {note === "" ? name : `${name} · ${note}`}
        </option>
      ))}
    </select>
  );

const useRights = (collectionId: string) => {
  const [rights, setRights] = useState<CollectionRights | null>(null);
  const [given, setGiven] = useState<Given>(new Map());
  const [failure, setFailure] = useState<Failure | null>(null);
  useEffect(() => {
    let here = true;
    api.collectionRights(collectionId).then(
      (read) => {
        if (!here) return;
        setRights(read);
        setGiven(new Map(read.grants.map((grant) => [keyOf(grant), grant.right])));
      },
      (error: unknown) => {
        if (here) setFailure(failureOf(error));
      },
    );
    return () => {
      here = false;
    };
  }, [collectionId]);
  const change = (key: string, right: CollectionRight | null): void => {
    setGiven((before) => {
      const after = new Map(before);
      if (right === null) after.delete(key);
      else after.set(key, right);
      return after;
    });
  };
  return { rights, given, change, failure };
};

/** Who may read, add to and manage a collection; for those who manage it. */
export const RightsDialog = ({
  collection,
  onClose,
}: {
  readonly collection: Collection;
  readonly onClose: () => void;
}): ReactElement => {
  const { rights, given, change, failure: notRead } = useRights(collection.id);
  const { busy, failure: notSaved, run } = useSubmit();
  const subjects = rights === null ? [] : subjectsOf(rights);
  const failure = notSaved ?? notRead;
  const save = async (): Promise<void> => {
    const grants = subjects.flatMap(({ key, kind, id }) => {
      const right = given.get(key);
      return right === undefined ? [] : [{ subjectKind: kind, subjectId: id, right }];
    });
    if (!(await run(() => api.setCollectionRights(collection.id, grants)))) return;
    showToast(words.saved(collection.name));
    onClose();
  };
  return (
    <Dialog title={words.title(collection.name)} onClose={onClose} wide>
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
        <p className={css["text"]}>{given.size === 0 ? words.nobody : words.text}</p>
        <Rows subjects={subjects} given={given} onChange={change} />
        <AddSelect
          subjects={subjects.filter(({ key }) => !given.has(key))}
          onAdd={(key) => {
            change(key, "read");
          }}
        />
        <DialogFoot>
          <Button onClick={onClose}>{words.cancel}</Button>
          <Button look="primary" type="submit" disabled={busy || rights === null}>
            {words.save}
          </Button>
        </DialogFoot>
      </form>
    </Dialog>
  );
};
