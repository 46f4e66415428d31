"use client";

import { useEffect, useState, type ReactElement } from "react";

import { DeviceList } from "#components/account/device-list.tsx";
import { Failed } from "#components/account/failed.tsx";
import { useSubmit } from "#components/account/use-submit.ts";
import { api } from "#components/api/endpoints.ts";
import { failureOf, type Failure } from "#components/api/failure.ts";
import type { Group, Person } from "#components/api/people-shapes.ts";
import { Button } from "#components/ui/button.tsx";
import { Checklist } from "#components/ui/checklist.tsx";
import { CopyField } from "#components/ui/copy-field.tsx";
import { Dialog, DialogFoot } from "#components/ui/dialog.tsx";
import { Field } from "#components/ui/field.tsx";
import { showToast } from "#components/ui/toast.tsx";

import css from "./users-page.module.css";
import { refreshUsers } from "./users-store.ts";
import { words } from "./words.ts";

export const PersonGroupsDialog = ({
  person,
  groups,
  onClose,
}: {
  readonly person: Person;
  readonly groups: readonly Group[];
  readonly onClose: () => void;
}): ReactElement => {
  const [chosen, setChosen] = useState(person.groupIds);
  const { busy, failure, run } = useSubmit();
  const save = async (): Promise<void> => {
    if (!(await run(() => api.changePerson(person.id, { groupIds: chosen })))) return;
    await refreshUsers();
    onClose();
  };
  return (
    <Dialog title={words.groupsOf(person.name)} onClose={onClose}>
      <form
        className={css["form"]}
        onSubmit={(event) => {
          event.preventDefault();
          void save();
        }}
      >
        <Failed failure={failure} />
        <Checklist
          legend={words.groups}
          empty={words.noGroups}
          items={groups.map(({ id, name }) => ({ id, label: name }))}
          chosen={chosen}
          onChange={setChosen}
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

/** Makes the link when it opens; closing it is the end of its only showing. */
export const ResetLinkDialog = ({
  person,
  onClose,
}: {
  readonly person: Person;
  readonly onClose: () => void;
}): ReactElement => {
  const [link, setLink] = useState<string | null>(null);
  const [failure, setFailure] = useState<Failure | null>(null);
  useEffect(() => {
    let here = true;
    api.resetLinkFor(person.id).then(
      (made) => {
        if (here) setLink(made.link);
      },
      (error: unknown) => {
        if (here) setFailure(failureOf(error));
      },
    );
    return () => {
      here = false;
    };
  }, [person.id]);
  return (
    <Dialog title={words.linkTitle(person.name)} onClose={onClose} wide>
      <div className={css["form"]}>
        <p className={css["text"]}>{words.linkText}</p>
        <Failed failure={failure} />
        {link === null ? null : <CopyField label={words.linkLabel} value={link} />}
        <DialogFoot>
          <Button onClick={onClose}>{words.done}</Button>
        </DialogFoot>
      </div>
    </Dialog>
  );
};

export const PersonEmailDialog = ({
  person,
  onClose,
}: {
  readonly person: Person;
  readonly onClose: () => void;
}): ReactElement => {
  const [email, setEmail] = useState(person.email);
  const { busy, failure, run } = useSubmit();
  const save = async (): Promise<void> => {
    if (!(await run(() => api.changePerson(person.id, { email: email.trim() })))) return;
    showToast(words.emailChanged(person.name, email.trim()));
    onClose();
    await refreshUsers();
  };
  return (
    <Dialog title={words.emailTitle(person.name)} onClose={onClose}>
      <form
        className={css["form"]}
        onSubmit={(event) => {
          event.preventDefault();
          void save();
        }}
      >
        <p className={css["text"]}>{words.emailText}</p>
        <Failed failure={failure} />
        <Field
          label={words.emailLabel}
          type="email"
          value={email}
          maxLength={254}
          autoComplete="off"
          onChange={({ target }) => {
            setEmail(target.value);
          }}
        />
        <DialogFoot>
          <Button onClick={onClose}>{words.cancel}</Button>
          <Button
            look="primary"
            type="submit"
            disabled={busy || email.trim() === "" || email.trim() === person.email}
          >
            {words.save}
          </Button>
        </DialogFoot>
      </form>
    </Dialog>
  );
};

export const PersonDevicesDialog = ({
  person,
  onClose,
}: {
  readonly person: Person;
  readonly onClose: () => void;
}): ReactElement => {
  const [calls] = useState(() => ({
    read: () => api.devicesOf(person.id),
    end: async (deviceId: string): Promise<void> => {
      await api.endDeviceOf(person.id, deviceId);
      await refreshUsers();
    },
  }));
  return (
    <Dialog title={words.devicesTitle(person.name)} onClose={onClose} wide>
      <DeviceList calls={calls} />
    </Dialog>
  );
};

export const RemovePersonDialog = ({
  person,
  onClose,
}: {
  readonly person: Person;
  readonly onClose: () => void;
}): ReactElement => {
  const [typed, setTyped] = useState("");
  const { busy, failure, run } = useSubmit();
  const remove = async (): Promise<void> => {
    if (!(await run(() => api.removePerson(person.id)))) return;
    showToast(words.removed(person.name));
    onClose();
    await refreshUsers();
  };
  return (
    <Dialog title={words.removeTitle(person.name)} onClose={onClose}>
      <form
        className={css["form"]}
        onSubmit={(event) => {
          event.preventDefault();
          void remove();
        }}
      >
        <p className={css["text"]}>{words.removeText}</p>
        <Failed failure={failure} />
        <Field
          label={person.email}
          value={typed}
          autoComplete="off"
          onChange={({ target }) => {
            setTyped(target.value);
          }}
        />
        <DialogFoot>
          <Button onClick={onClose}>{words.cancel}</Button>
          <Button
            look="danger"
            type="submit"
            disabled={busy || typed.trim().toLowerCase() !== person.email.toLowerCase()}
          >
            {words.remove}
          </Button>
        </DialogFoot>
      </form>
    </Dialog>
  );
};
