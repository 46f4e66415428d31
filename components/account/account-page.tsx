"use client";

import { useState, type ReactElement, type ReactNode } from "react";

import { api } from "#components/api/endpoints.ts";
import { exportPath } from "#components/api/people-endpoints.ts";
import { useSession } from "#components/shell/session.tsx";
import { StatusLine } from "#components/shell/status-line.tsx";
import { Button } from "#components/ui/button.tsx";
import { Dialog, DialogFoot } from "#components/ui/dialog.tsx";
import { Field } from "#components/ui/field.tsx";
import { showToast } from "#components/ui/toast.tsx";

import { passwordFault } from "./account-faults.ts";
import css from "./account-page.module.css";
import { CheckedForm } from "./checked-form.tsx";
import { DeviceList } from "./device-list.tsx";
import { Failed } from "./failed.tsx";
import { useSubmit } from "./use-submit.ts";
import { words } from "./words.ts";

const Section = ({
  title,
  text,
  children,
}: {
  readonly title: string;
  readonly text?: string;
  readonly children: ReactNode;
}): ReactElement => (
  <section className={css["section"]}>
    <div>
      <h2>{title}</h2>
      {text === undefined ? null : <p className={css["text"]}>{text}</p>}
    </div>
    <div className={css["form"]}>{children}</div>
  </section>
);

const NameSection = (): ReactElement => {
  const { user } = useSession();
  const [name, setName] = useState(user.name);
  const { failure, run } = useSubmit();
  const save = async (): Promise<void> => {
    if (!(await run(() => api.rename(name.trim())))) return;
    showToast(words.nameSaved);
    // The frame shows the name too, and the server made the frame.
    window.location.reload();
  };
  return (
    <Section title={words.nameSection} text={user.email}>
      <form
        className={css["form"]}
        onSubmit={(event) => {
          event.preventDefault();
          void save();
        }}
      >
        <Failed failure={failure} />
        <Field
          label={words.name}
          value={name}
          maxLength={120}
          autoComplete="name"
          onChange={({ target }) => {
            setName(target.value);
          }}
        />
        <p>
          <Button type="submit" disabled={name.trim() === "" || name.trim() === user.name}>
            {words.saveName}
          </Button>
        </p>
      </form>
    </Section>
  );
};

const PasswordSection = (): ReactElement => {
  const [current, setCurrent] = useState("");
  const [next, setNext] = useState("");
  const [checked, setChecked] = useState(false);
  const { busy, failure, run } = useSubmit("stays");
  const save = async (): Promise<void> => {
    setChecked(true);
    if (current === "" || passwordFault(next) !== null) return;
    if (!(await run(() => api.changePassword(current, next)))) return;
    setCurrent("");
    setNext("");
    setChecked(false);
    showToast(words.passwordChanged);
  };
  return (
    <Section title={words.passwordSection} text={words.passwordText}>
      <CheckedForm
        className={css["form"]}
        busy={busy}
        onSubmit={() => {
          void save();
        }}
      >
        <Failed failure={failure} />
        <Field
          label={words.currentPassword}
          type="password"
          autoComplete="current-password"
          value={current}
          fault={checked && current === "" ? words.needsPassword : null}
          onChange={({ target }) => {
            setCurrent(target.value);
          }}
        />
        <Field
          label={words.newPassword}
          type="password"
          autoComplete="new-password"
          hint={words.passwordHint}
          value={next}
          fault={checked ? passwordFault(next) : null}
          onChange={({ target }) => {
            setNext(target.value);
          }}
        />
        <p>
          <Button type="submit">{words.changePassword}</Button>
        </p>
      </CheckedForm>
    </Section>
  );
};

const RemoveDialog = ({ onClose }: { readonly onClose: () => void }): ReactElement => {
  const [password, setPassword] = useState("");
  const { busy, failure, run } = useSubmit();
  const remove = async (): Promise<void> => {
    if (await run(() => api.removeAccount(password))) window.location.assign("/sign-in");
  };
  return (
    <Dialog title={words.removeSection} onClose={onClose}>
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
          label={words.currentPassword}
          type="password"
          autoComplete="current-password"
          value={password}
          onChange={({ target }) => {
            setPassword(target.value);
          }}
        />
        <DialogFoot>
          <Button onClick={onClose}>{words.cancel}</Button>
          <Button look="danger" type="submit" disabled={busy}>
            {words.removeConfirm}
          </Button>
        </DialogFoot>
      </form>
    </Dialog>
  );
};

/** What a person decides about their own account; an area with a preference of its own adds a section. */
export const AccountPage = (): ReactElement => {
  const [removing, setRemoving] = useState(false);
  return (
    <div className={css["page"]}>
      <div className={css["column"]}>
        <StatusLine />
        <h1>{words.accountTitle}</h1>
        <NameSection />
        <PasswordSection />
        <Section title={words.devicesTitle} text={words.devicesText}>
          <DeviceList />
        </Section>
        <Section title={words.dataSection} text={words.dataText}>
          <p>
            <a href={exportPath} download>
              {words.exportData}
            </a>
          </p>
        </Section>
        <Section title={words.removeSection} text={words.removeText}>
          <p>
            <Button
              look="danger"
              onClick={() => {
                setRemoving(true);
              }}
            >
              {words.removeAction}
            </Button>
          </p>
        </Section>
      </div>
      {removing ? (
        <RemoveDialog
          onClose={() => {
            setRemoving(false);
          }}
        />
      ) : null}
    </div>
  );
};
