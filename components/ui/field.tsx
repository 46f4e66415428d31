"use client";

import { useId, type ComponentPropsWithRef, type ReactElement, type ReactNode } from "react";

import css from "./field.module.css";

interface Described {
  readonly label: string;
  readonly hint?: string;
  /** What is wrong with the value and how to mend it. */
  readonly fault?: string | null;
}

interface ControlAttributes {
  readonly id: string;
  readonly className: string | undefined;
  readonly "aria-invalid": true | undefined;
  readonly "aria-describedby": string | undefined;
}

/** Label above, the control, and below it its fault or its hint. */
const Described = ({
  label,
  hint,
  fault = null,
  children,
}: Described & {
  readonly children: (attributes: ControlAttributes) => ReactNode;
}): ReactElement => {
  const id = useId();
  const noteId = `${id}-note`;
  const noted = fault !== null || hint !== undefined;
  return (
    <div className={css["field"]}>
      <label htmlFor={id} className={css["label"]}>
        {label}
      </label>
      {children({
        id,
        className: css["input"],
        "aria-invalid": fault === null ? undefined : true,
        "aria-describedby": noted ? noteId : undefined,
      })}
      {fault === null ? null : (
        <p id={noteId} className={css["fault"]}>
          {fault}
        </p>
      )}
      {fault === null && hint !== undefined ? (
        <p id={noteId} className={css["hint"]}>
          {hint}
        </p>
      ) : null}
    </div>
  );
};

type PropsOf<Tag extends "input" | "select" | "textarea"> = Described &
  Omit<ComponentPropsWithRef<Tag>, "id" | "className">;

const described = <P extends Described>({ label, hint, fault = null, ...rest }: P) => ({
  about: { label, fault, ...(hint === undefined ? {} : { hint }) },
  rest,
});

export const Field = (props: PropsOf<"input">): ReactElement => {
  const { about, rest } = described(props);
  return <Described {...about}>{(attributes) => <input {...rest} {...attributes} />}</Described>;
};

export const TextField = (props: PropsOf<"textarea">): ReactElement => {
  const { about, rest } = described(props);
  return <Described {...about}>{(attributes) => <textarea {...rest} {...attributes} />}</Described>;
};

export const ChoiceField = (props: PropsOf<"select">): ReactElement => {
  const { about, rest } = described(props);
  return <Described {...about}>{(attributes) => <select {...rest} {...attributes} />}</Described>;
};
