import type { ReactElement } from "react";

import type { Setting } from "#lib/core/settings/setting-kinds.ts";

import css from "./settings-page.module.css";
import type { SettingValue } from "./settings-store.ts";
import { words } from "./words.ts";

interface ControlProps<S extends Setting> {
  readonly setting: S;
  readonly value: SettingValue;
  readonly onChange: (value: SettingValue) => void;
  readonly attributes: {
    readonly id: string;
    readonly "aria-describedby": string;
    readonly "aria-invalid": true | undefined;
  };
}

type Of<K extends Setting["kind"]> = Extract<Setting, { readonly kind: K }>;

const NumberControl = ({
  setting,
  value,
  onChange,
  attributes,
}: ControlProps<Of<"number">>): ReactElement => (
  <span className={css["number"]}>
    <input
      {...attributes}
      className={css["input"]}
      type="text"
      inputMode={setting.decimals === 0 ? "numeric" : "decimal"}
      autoComplete="off"
      value={String(value)}
      onChange={({ target }) => {
        const typed = target.value.trim();
        // Text that is no number stays as it was typed, and the fault says what to type.
        onChange(typed === "" || Number.isNaN(Number(typed)) ? target.value : Number(typed));
      }}
    />
    <span className={css["unit"]}>{setting.unit}</span>
  </span>
);

const ChoiceControl = ({
  setting,
  value,
  onChange,
  attributes,
}: ControlProps<Of<"choice">>): ReactElement => (
  <select
    {...attributes}
    className={css["input"]}
    value={String(value)}
    onChange={({ target }) => {
      onChange(target.value);
    }}
  >
    {setting.options.map((option) => (
      <option key={option}>{option}</option>
    ))}
  </select>
);

const SwitchControl = ({
  value,
  onChange,
  attributes,
}: ControlProps<Of<"switch">>): ReactElement => (
  <span className={css["switch"]}>
    <input
      {...attributes}
      type="checkbox"
      role="switch"
      checked={value === true}
      onChange={({ target }) => {
        onChange(target.checked);
      }}
    />
    <span aria-hidden="true">{value === true ? words.on : words.off}</span>
  </span>
);

const TextControl = ({
  setting,
  value,
  onChange,
  attributes,
}: ControlProps<Of<"text">>): ReactElement => (
  <textarea
    {...attributes}
    className={css["input"]}
    rows={3}
    maxLength={setting.longest}
    value={String(value)}
    onChange={({ target }) => {
      onChange(target.value);
    }}
  />
);

/** The control that fits a setting's kind. */
export const SettingControl = ({ setting, ...rest }: ControlProps<Setting>): ReactElement => {
  switch (setting.kind) {
    case "number":
      return <NumberControl setting={setting} {...rest} />;
    case "choice":
      return <ChoiceControl setting={setting} {...rest} />;
    case "switch":
      return <SwitchControl setting={setting} {...rest} />;
    case "text":
      return <TextControl setting={setting} {...rest} />;
    default:
      return setting satisfies never;
  }
};

export const sayValue = (setting: Setting, value: SettingValue): string => {
  if (setting.kind === "switch") return value === true ? words.on : words.off;
  if (setting.kind === "number") return `${String(value)} ${setting.unit}`.trim();
  return value === "" ? "empty" : String(value);
};
