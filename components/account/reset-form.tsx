"use client";

import { useState, type ReactElement } from "react";

import { api } from "#components/api/endpoints.ts";
import { Button } from "#components/ui/button.tsx";
import { Field } from "#components/ui/field.tsx";
import { Notice } from "#components/ui/notice.tsx";

import { passwordFault } from "./account-faults.ts";
import { CheckedForm } from "./checked-form.tsx";
import { useOneTimeToken } from "./one-time-token.ts";
import { useSubmit } from "./use-submit.ts";
import { words } from "./words.ts";

const NoToken = (): ReactElement => (
  <>
    <h1>{words.resetInvalidTitle}</h1>
    <Notice tone="bad">{words.resetNoToken}</Notice>
    <p>
      <a href="/sign-in">{words.goToSignIn}</a>
    </p>
  </>
);

/** Chooses a new password by a link that an admin made. */
export const ResetForm = (): ReactElement => {
  const token = useOneTimeToken();
  const [password, setPassword] = useState("");
  const [checked, setChecked] = useState(false);
  const [done, setDone] = useState(false);
  const { busy, failure, run } = useSubmit();
  const fault = passwordFault(password);
  const submit = async (): Promise<void> => {
    setChecked(true);
    if (fault !== null || token === null) return;
    if (await run(() => api.resetPassword({ token, password }))) setDone(true);
  };
  if (done) {
    return (
      <>
        <h1>{words.resetDone}</h1>
        <p>
          <a href="/sign-in">{words.goToSignIn}</a>
        </p>
      </>
    );
  }
  if (token === "") return <NoToken />;
  return (
    <>
      <h1>{words.resetTitle}</h1>
      <p>{words.resetText}</p>
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
          label={words.newPassword}
          type="password"
          autoComplete="new-password"
          hint={words.passwordHint}
          value={password}
          fault={checked ? fault : null}
          onChange={(event) => {
            setPassword(event.target.value);
          }}
        />
        <Button look="primary" type="submit" disabled={busy}>
          {busy ? `${words.working}…` : words.save}
        </Button>
      </CheckedForm>
    </>
  );
};
