"use client";

import { useId, type ReactElement } from "react";

import type { ShownSetting } from "#components/api/shapes.ts";
import { useSlowNow } from "#components/ui/clock.ts";
import { sayExactly, sayMoment } from "#components/ui/time-words.ts";
import { type Setting, settingFault } from "#lib/core/settings/setting-kinds.ts";

import { sayValue, SettingControl } from "./setting-control.tsx";
import css from "./settings-page.module.css";
import type { SettingValue } from "./settings-store.ts";
import { words } from "./words.ts";

const Changed = ({ shown }: { readonly shown: ShownSetting }): ReactElement | null => {
  const nowMs = useSlowNow();
  if (shown.changedAt === null) return null;
  const atMs = Date.parse(shown.changedAt);
  return (
    <span title={sayExactly(atMs)}>
      {words.changed(sayMoment(atMs, nowMs ?? atMs), shown.changedBy)}{" "}
    </span>
  );
};

/** One setting: what it does, its value, and how it came to it. */
export const SettingRow = ({
  setting,
  shown,
  draft,
  onChange,
}: {
  readonly setting: Setting;
  readonly shown: ShownSetting;
  /** What is typed and not saved; `undefined` while nothing is. */
  readonly draft: SettingValue | undefined;
  readonly onChange: (value: SettingValue) => void;
}): ReactElement => {
  const id = useId();
  const value = draft ?? shown.value;
  const fault = settingFault(setting, value);
  const isDefault = value === setting.fallback;
  return (
    <div className={css["row"]} data-draft={draft === undefined ? undefined : ""}>
      <div className={css["about"]}>
        <label htmlFor={id}>{setting.label}</label>
        <p id={`${id}-note`}>
          {setting.hint}
          {fault === null ? null : <span className={css["fault"]}> {fault}</span>}
        </p>
        {isDefault ? null : (
          <p className={css["history"]}>
            <Changed shown={shown} />
            {words.default(sayValue(setting, setting.fallback))}{" "}
            <button
              type="button"
              aria-label={words.backToDefault(setting.label)}
              onClick={() => {
                onChange(setting.fallback);
                document.getElementById(id)?.focus();
              }}
            >
              {words.useDefault}
            </button>
          </p>
        )}
      </div>
      <div className={css["control"]}>
        <SettingControl
          setting={setting}
          value={value}
          onChange={onChange}
          attributes={{
            id,
            "aria-describedby": `${id}-note`,
            "aria-invalid": fault === null ? undefined : true,
          }}
        />
      </div>
    </div>
  );
};
