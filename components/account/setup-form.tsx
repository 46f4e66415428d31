"use client";

import { useState, type ReactElement } from "react";

import { api } from "#components/api/endpoints.ts";
import { Button } from "#components/ui/button.tsx";
import { Field } from "#components/ui/field.tsx";
import { Notice } from "#components/ui/notice.tsx";

import { emailFault, passwordFault } from "./account-faults.ts";
import { CheckedForm } from "./checked-form.tsx";
import { useOneTimeToken } from "./one-time-token.ts";
import { useSubmit } from "./use-submit.ts";
import { words } from "./words.ts";

type Answers = Readonly<Record<"workspaceName" | "name" | "email" | "password", string>>;

const fields: readonly {
  readonly key: keyof Answers;
  readonly label: string;
  readonly type: string;
  readonly autoComplete: string;
  readonly hint?: string;
}[] = [
  {
    key: "workspaceName",
    label: words.workspaceName,
    type: "text",
    autoComplete: "organization",
    hint: words.workspaceHint,
  },
  { key: "name", label: words.name, type: "text", autoComplete: "name" },
  { key: "email", label: words.email, type: "email", autoComplete: "username" },
  {
    key: "password",
    label: words.password,
    type: "password",
    autoComplete: "new-password",
    hint: words.passwordHint,
  },
];

const faultsOf = (answers: Answers): Readonly<Record<keyof Answers, string | null>> => ({
  workspaceName: answers.workspaceName.trim() === "" ? words.needsWorkspace : null,
  name: answers.name.trim() === "" ? words.needsName : null,
  email: emailFault(answers.email),
  password: passwordFault(answers.password),
});

const clean = (answers: Answers): Answers => ({
  workspaceName: answers.workspaceName.trim(),
  name: answers.name.trim(),
  email: answers.email.trim(),
  password: answers.password,
});

const SetupFields = ({
  answers,
  checked,
  onChange,
}: {
  readonly answers: Answers;
  readonly checked: boolean;
  readonly onChange: (answers: Answers) => void;
}): readonly ReactElement[] => {
  const faults = faultsOf(answers);
  return fields.map(({ key, ...field }, index) => (
    <Field
      key={key}
      {...field}
      autoFocus={index === 0}
      value={answers[key]}
      fault={checked ? faults[key] : null}
      onChange={(event) => {
        onChange({ ...answers, [key]: event.target.value });
      }}
    />
  ));
};

/** Makes the workspace and its first admin, once. */
export const SetupForm = (): ReactElement => {
  const token = useOneTimeToken();
  const [answers, setAnswers] = useState<Answers>({
    workspaceName: "",
    name: "",
    email: "",
    password: "",
  });
  const [checked, setChecked] = useState(false);
  const { busy, failure, run } = useSubmit();
  const submit = async (): Promise<void> => {
    setChecked(true);
    if (token === null || Object.values(faultsOf(answers)).some((fault) => fault !== null)) return;
    if (await run(() => api.setup({ token, ...clean(answers) }))) window.location.assign("/");
  };
  return (
    <>
      <h1>{words.setupTitle}</h1>
      <p>{words.setupText}</p>
      {token === "" ? <Notice tone="bad">{words.noToken}</Notice> : null}
      {failure === null ? null : (
        <Notice tone="bad" code={failure.requestId}>
          {[failure.message, ...failure.issues].join(" ")}
        </Notice>
      )}
      <CheckedForm
        busy={busy}
        onSubmit={() => {
          void submit();
        }}
      >
        <SetupFields answers={answers} checked={checked} onChange={setAnswers} />
        <Button look="primary" type="submit" disabled={busy || token === ""}>
          {busy ? `${words.working}…` : words.createAccount}
        </Button>
      </CheckedForm>
    </>
  );
};

export const SetupClosed = (): ReactElement => (
  <>
    <h1>{words.setupClosedTitle}</h1>
    <p>{words.setupClosedText}</p>
    <p>
      <a href="/sign-in">{words.goToSignIn}</a>
    </p>
  </>
);
