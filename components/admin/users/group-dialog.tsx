"use client";

import { useState, type ReactElement } from "react";

import { useSubmit } from "#components/account/use-submit.ts";
import { api } from "#components/api/endpoints.ts";
import type { Group, Person } from "#components/api/people-shapes.ts";
import { Button } from "#components/ui/button.tsx";
import { Checklist } from "#components/ui/checklist.tsx";
import { Dialog, DialogFoot } from "#components/ui/dialog.tsx";
import { Field } from "#components/ui/field.tsx";

import { Failed } from "#components/account/failed.tsx";
import css from "./users-page.module.css";
import { refreshUsers } from "./users-store.ts";
import { words } from "./words.ts";

/** Makes a group, or changes the one that is given. */
export const GroupDialog = ({
  group,
  people,
  onClose,
}: {
  readonly group: Group | null;
  readonly people: readonly Person[];
  readonly onClose: () => void;
}): ReactElement => {
  const [name, setName] = useState(group?.name ?? "");
  const [memberIds, setMemberIds] = useState<readonly string[]>(group?.memberIds ?? []);
  const { busy, failure, run } = useSubmit();
  const save = async (): Promise<void> => {
    const saved = await run(async () => {
      const id = group?.id ?? (await api.createGroup(name.trim())).group.id;
      await api.changeGroup(id, { name: name.trim(), memberIds });
    });
    if (!saved) return;
    await refreshUsers();
    onClose();
  };
  return (
    <Dialog title={group === null ? words.newGroup : words.editGroup(group.name)} onClose={onClose}>
      <form
        className={css["form"]}
        onSubmit={(event) => {
          event.preventDefault();
          void save();
        }}
      >
        <Failed failure={failure} />
        <Field
          label={words.groupName}
          value={name}
          maxLength={80}
          required
          autoComplete="off"
          onChange={({ target }) => {
            setName(target.value);
          }}
        />
        <Checklist
          legend={words.members}
          empty={words.nobody}
          items={people.map((one) => ({ id: one.id, label: one.name, note: one.email }))}
          chosen={memberIds}
          onChange={setMemberIds}
        />
        <DialogFoot>
          <Button onClick={onClose}>{words.cancel}</Button>
          <Button look="primary" type="submit" disabled={busy || name.trim() === ""}>
            {words.save}
          </Button>
        </DialogFoot>
      </form>
    </Dialog>
  );
};
