"use client";

import { useState, type ReactElement } from "react";

import { api } from "#components/api/endpoints.ts";
import { Button } from "#components/ui/button.tsx";
import { Field } from "#components/ui/field.tsx";
import { Notice } from "#components/ui/notice.tsx";

import { emailFault } from "./account-faults.ts";
import { CheckedForm } from "./checked-form.tsx";
import css from "./form.module.css";
import { useSubmit } from "./use-submit.ts";
import { wantedAddress } from "./wanted-address.ts";
import { words } from "./words.ts";

const faultsOf = (email: string, password: string) => ({
  email: emailFault(email),
  password: password === "" ? words.needsPassword : null,
});

const SingleSignOn = ({ name }: { readonly name: string }): ReactElement => (
  <>
    <p>
      <a className={css["provider"]} href="/api/oidc/start">
        {words.signInWith(name)}
      </a>
    </p>
    <p className={css["or"]}>{words.orPassword}</p>
  </>
);

const PasswordForm = ({ onTried }: { readonly onTried: () => void }): ReactElement => {
  const [email, setEmail] = useState("");
  const [password, setPassword] = useState("");
  const [checked, setChecked] = useState(false);
  const { busy, failure, run } = useSubmit();
  const faults = faultsOf(email, password);
  const submit = async (): Promise<void> => {
    setChecked(true);
    onTried();
    if (faults.email !== null || faults.password !== null) return;
    if (await run(() => api.signIn({ email: email.trim(), password }))) {
      window.location.assign(wantedAddress(window.location));
    }
  };
  return (
    <>
      {failure === null ? null : (
        <Notice tone="bad" code={failure.requestId}>
          {failure.message}
        </Notice>
      )}
      <CheckedForm
        busy={busy}
        onSubmit={() => {
          void submit();
        }}
      >
        <Field
          label={words.email}
          type="email"
          autoComplete="username"
          autoFocus
          value={email}
          fault={checked ? faults.email : null}
          onChange={(event) => {
            setEmail(event.target.value);
          }}
        />
        <Field
          label={words.password}
          type="password"
          autoComplete="current-password"
          value={password}
          fault={checked ? faults.password : null}
          onChange={(event) => {
            setPassword(event.target.value);
          }}
        />
        <Button look="primary" type="submit" disabled={busy}>
          {busy ? `${words.working}…` : words.signIn}
        </Button>
      </CheckedForm>
    </>
  );
};

export const SignInForm = ({
  providerName,
  problem,
  transport,
}: {
  /** Of the identity provider, where one is configured. */
  readonly providerName: string | null;
  /** Why the way through it ended here. */
  readonly problem: string | null;
  /** Why nobody can sign in through this address. */
  readonly transport: keyof typeof words.transport | null;
}): ReactElement => {
  const [tried, setTried] = useState(false);
  return (
    <>
      <h1>{words.signInTitle}</h1>
      {transport === null ? null : <Notice tone="warning">{words.transport[transport]}</Notice>}
      {problem === null || tried ? null : <Notice tone="bad">{problem}</Notice>}
      {providerName === null ? null : <SingleSignOn name={providerName} />}
      <PasswordForm
        onTried={() => {
          setTried(true);
        }}
      />
      <p className={css["quiet"]}>{words.forgot}</p>
    </>
  );
};
