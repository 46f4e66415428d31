"use client";

import { useEffect, useState, type ReactElement } from "react";

import { api } from "#components/api/endpoints.ts";
import { failureOf, type Failure } from "#components/api/failure.ts";
import { Button } from "#components/ui/button.tsx";
import { Field } from "#components/ui/field.tsx";
import { Notice } from "#components/ui/notice.tsx";

import { emailFault, passwordFault } from "./account-faults.ts";
import { CheckedForm } from "./checked-form.tsx";
import { useOneTimeToken } from "./one-time-token.ts";
import { useSubmit } from "./use-submit.ts";
import { words } from "./words.ts";

type Promised = Awaited<ReturnType<typeof api.readInvitation>>;

/** What the link promises; `null` while it is not known. */
const usePromise = (token: string | null) => {
  const [promised, setPromised] = useState<Promised | null>(null);
  const [failure, setFailure] = useState<Failure | null>(null);
  useEffect(() => {
    if (token === null || token === "") return undefined;
    let here = true;
    api.readInvitation(token).then(
      (value) => {
        if (here) setPromised(value);
      },
      (error: unknown) => {
        if (here) setFailure(failureOf(error));
      },
    );
    return () => {
      here = false;
    };
  }, [token]);
  return { promised, failure };
};

/** The three texts, and what is wrong with each once somebody tried. */
const useMember = (meantFor: string | null) => {
  const [name, setName] = useState("");
  const [email, setEmail] = useState(meantFor ?? "");
  const [password, setPassword] = useState("");
  const [checked, setChecked] = useState(false);
  const faults = {
    name: name.trim() === "" ? words.needsName : null,
    email: emailFault(email),
    password: passwordFault(password),
  };
  const text = (key: keyof typeof faults, value: string, set: (value: string) => void) => ({
    value,
    fault: checked ? faults[key] : null,
    onChange: (event: { readonly target: HTMLInputElement }) => {
      set(event.target.value);
    },
  });
  return {
    fields: {
      name: text("name", name, setName),
      email: text("email", email, setEmail),
      password: text("password", password, setPassword),
    },
    /** What to send; `null` when something has to be mended first. */
    check: () => {
      setChecked(true);
      const whole = Object.values(faults).every((fault) => fault === null);
      return whole ? { name: name.trim(), email: email.trim(), password } : null;
    },
  };
};

const Fields = ({
  token,
  meantFor,
}: {
  readonly token: string;
  readonly meantFor: string | null;
}): ReactElement => {
  const { fields, check } = useMember(meantFor);
  const { busy, failure, run } = useSubmit();
  const submit = async (): Promise<void> => {
    const member = check();
    if (member === null) return;
    if (await run(() => api.join({ token, ...member }))) window.location.assign("/");
  };
  return (
    <CheckedForm
      busy={busy}
      onSubmit={() => {
        void submit();
      }}
    >
      {failure === null ? null : (
        <Notice tone="bad" code={failure.requestId}>
          {[failure.message, ...failure.issues].join(" ")}
        </Notice>
      )}
      <Field {...fields.name} label={words.name} autoComplete="name" autoFocus />
      <Field
        {...fields.email}
        label={words.email}
        type="email"
        autoComplete="username"
        readOnly={meantFor !== null}
      />
      <Field
        {...fields.password}
        label={words.password}
        type="password"
        autoComplete="new-password"
        hint={words.passwordHint}
      />
      <Button look="primary" type="submit" disabled={busy}>
        {busy ? `${words.working}…` : words.join}
      </Button>
    </CheckedForm>
  );
};

/** Makes an account with an invitation's link. */
export const JoinForm = (): ReactElement => {
  const token = useOneTimeToken();
  const { promised, failure } = usePromise(token);
  if (token === "" || failure !== null)
    return (
      <>
        <h1>{words.joinInvalidTitle}</h1>
        <Notice tone="bad" code={failure?.requestId ?? null}>
          {failure?.message ?? words.joinNoToken}
        </Notice>
        <p>
          <a href="/sign-in">{words.goToSignIn}</a>
        </p>
      </>
    );
  return (
    <>
      <h1>{promised === null ? words.joinTitle : words.joinNamed(promised.workspaceName)}</h1>
      <p>{promised === null ? `${words.loading}…` : words.joinText(promised.invitedBy)}</p>
      {promised === null || token === null ? null : (
        <Fields token={token} meantFor={promised.email} />
      )}
    </>
  );
};
