"use client";

import { useState, type ReactElement } from "react";

import { useSubmit } from "#components/account/use-submit.ts";
import { api } from "#components/api/endpoints.ts";
import type { Group } from "#components/api/people-shapes.ts";
import { Button } from "#components/ui/button.tsx";
import { Checklist } from "#components/ui/checklist.tsx";
import { CopyField } from "#components/ui/copy-field.tsx";
import { Dialog, DialogFoot } from "#components/ui/dialog.tsx";
import { Field } from "#components/ui/field.tsx";

import { Failed } from "#components/account/failed.tsx";
import css from "./users-page.module.css";
import { refreshUsers } from "./users-store.ts";
import { words } from "./words.ts";

type Role = "member" | "admin";
const roles: readonly Role[] = ["member", "admin"];

const RoleChoice = ({
  value,
  onChange,
}: {
  readonly value: Role;
  readonly onChange: (role: Role) => void;
}): ReactElement => (
  <fieldset className={css["choices"]}>
    <legend>{words.role}</legend>
    {roles.map((role) => (
      <label key={role}>
        <input
          type="radio"
          name="role"
          checked={value === role}
          onChange={() => {
            onChange(role);
          }}
        />
        {words.roleHints[role]}
      </label>
    ))}
  </fieldset>
);

const Made = ({
  link,
  onClose,
}: {
  readonly link: string;
  readonly onClose: () => void;
}): ReactElement => (
  <Dialog title={words.inviteDone} onClose={onClose} wide>
    <div className={css["form"]}>
      <p className={css["text"]}>{words.inviteDoneText}</p>
      <CopyField label={words.linkLabel} value={link} />
      <DialogFoot>
        <Button onClick={onClose}>{words.done}</Button>
      </DialogFoot>
    </div>
  </Dialog>
);

/** Makes a link that makes an account. */
export const InviteDialog = ({
  groups,
  onClose,
}: {
  readonly groups: readonly Group[];
  readonly onClose: () => void;
}): ReactElement => {
  const [email, setEmail] = useState("");
  const [role, setRole] = useState<Role>("member");
  const [groupIds, setGroupIds] = useState<readonly string[]>([]);
  const [link, setLink] = useState<string | null>(null);
  const { busy, failure, run } = useSubmit();
  const make = async (): Promise<void> => {
    const body = { email: email.trim() === "" ? null : email.trim(), role, groupIds };
    await run(async () => {
      setLink((await api.invite(body)).link);
    });
    await refreshUsers();
  };
  if (link !== null) return <Made link={link} onClose={onClose} />;
  return (
    <Dialog title={words.inviteTitle} onClose={onClose}>
      <form
        className={css["form"]}
        onSubmit={(event) => {
          event.preventDefault();
          void make();
        }}
      >
        <Failed failure={failure} />
        <Field
          label={words.inviteEmail}
          hint={words.inviteEmailHint}
          type="email"
          value={email}
          autoComplete="off"
          onChange={({ target }) => {
            setEmail(target.value);
          }}
        />
        <RoleChoice value={role} onChange={setRole} />
        {groups.length === 0 ? null : (
          <Checklist
            legend={words.groups}
            empty={words.noGroups}
            items={groups.map(({ id, name }) => ({ id, label: name }))}
            chosen={groupIds}
            onChange={setGroupIds}
          />
        )}
        <DialogFoot>
          <Button onClick={onClose}>{words.cancel}</Button>
          <Button look="primary" type="submit" disabled={busy}>
            {words.makeLink}
          </Button>
        </DialogFoot>
      </form>
    </Dialog>
  );
};
