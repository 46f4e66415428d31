"use client";

import { useState, type ReactElement } from "react";

import { AdminPage, NotRead } from "#components/admin/admin-page.tsx";
import { failureOf, type Failure } from "#components/api/failure.ts";
import { useRefreshed } from "#components/api/resource.ts";
import type { ShownSetting } from "#components/api/shapes.ts";
import { Button } from "#components/ui/button.tsx";
import { Notice } from "#components/ui/notice.tsx";
import { useStore } from "#components/ui/store.ts";
import { showToast } from "#components/ui/toast.tsx";
import { type Setting, settingFault } from "#lib/core/settings/setting-kinds.ts";
import { allSettings, groupTitles, settingGroups } from "#lib/core/settings/settings.ts";

import { SettingRow } from "./setting-row.tsx";
import css from "./settings-page.module.css";
import { saveSettings, settings, type SettingValue } from "./settings-store.ts";
import { sayState, words } from "./words.ts";

type Drafts = ReadonlyMap<string, SettingValue>;

/** What is typed and not saved, and saving it. */
const useDrafts = () => {
  const [drafts, setDrafts] = useState<Drafts>(new Map());
  const [failure, setFailure] = useState<Failure | null>(null);
  const [busy, setBusy] = useState(false);
  const change = (shown: ShownSetting, value: SettingValue): void => {
    setDrafts((before) => {
      const after = new Map(before);
      if (value === shown.value) after.delete(shown.key);
      else after.set(shown.key, value);
      return after;
    });
  };
  const undo = async (takeBack: () => Promise<void>): Promise<void> => {
    try {
      await takeBack();
      showToast(words.taken);
    } catch (error) {
      setFailure(failureOf(error));
    }
  };
  const save = async (): Promise<void> => {
    setBusy(true);
    setFailure(null);
    try {
      const changes = [...drafts].map(
        ([key, value]) => [key, value === allSettings.get(key)?.fallback ? null : value] as const,
      );
      const takeBack = await saveSettings(new Map(changes));
      setDrafts(new Map());
      showToast(words.saved, { label: words.undo, run: () => void undo(takeBack) });
    } catch (error) {
      setFailure(failureOf(error));
    }
    setBusy(false);
  };
  const discard = (): void => {
    setDrafts(new Map());
    setFailure(null);
  };
  return { drafts, change, save, discard, failure, busy };
};

const isFaulty = ([key, value]: readonly [string, SettingValue]): boolean => {
  const setting = allSettings.get(key);
  return setting !== undefined && settingFault(setting, value) !== null;
};

const Group = ({
  name,
  shown,
  drafts,
  onChange,
}: {
  readonly name: keyof typeof groupTitles;
  readonly shown: ReadonlyMap<string, ShownSetting>;
  readonly drafts: Drafts;
  readonly onChange: (shown: ShownSetting, value: SettingValue) => void;
}): ReactElement => (
  <section className={css["group"]}>
    <h2>{groupTitles[name]}</h2>
    {Object.entries<Setting>(settingGroups[name]).map(([setting, kind]) => {
      const one = shown.get(`${name}.${setting}`);
      return one === undefined ? null : (
        <SettingRow
          key={one.key}
          setting={kind}
          shown={one}
          draft={drafts.get(one.key)}
          onChange={(value) => {
            onChange(one, value);
          }}
        />
      );
    })}
  </section>
);

const SaveBar = ({
  drafts,
  busy,
  onDiscard,
}: {
  readonly drafts: Drafts;
  readonly busy: boolean;
  readonly onDiscard: () => void;
}): ReactElement => (
  <div className={css["bar"]}>
    <p role="status">{words.unsaved(drafts.size)}</p>
    <Button onClick={onDiscard}>{words.discard}</Button>
    <Button look="primary" type="submit" disabled={busy || [...drafts].some(isFaulty)}>
      {words.save}
    </Button>
  </div>
);

/** What an admin may change while Drover runs; the page is made from lib/core/settings. */
export const SettingsPage = (): ReactElement => {
  useRefreshed(settings);
  const { value, failure: notRead } = useStore(settings, (state) => state);
  const { drafts, change, save, discard, failure, busy } = useDrafts();
  const shown = new Map((value ?? []).map((one) => [one.key, one]));
  const changed = (value ?? []).filter(({ isDefault }) => !isDefault).length;
  return (
    <AdminPage title={words.title} says={value === null ? "" : sayState(changed)}>
      {value === null && notRead !== null ? (
        <NotRead what={words.notRead} failure={notRead} onRetry={() => void settings.refresh()} />
      ) : null}
      {value === null ? null : (
        <form
          className={css["form"]}
          onSubmit={(event) => {
            event.preventDefault();
            void save();
          }}
        >
          {(Object.keys(settingGroups) as (keyof typeof groupTitles)[]).map((name) => (
            <Group key={name} name={name} shown={shown} drafts={drafts} onChange={change} />
          ))}
          {failure === null ? null : (
            <Notice tone="bad" code={failure.requestId}>
              {failure.message} {failure.issues.join(" ")}
            </Notice>
          )}
          {drafts.size === 0 ? null : <SaveBar drafts={drafts} busy={busy} onDiscard={discard} />}
        </form>
      )}
    </AdminPage>
  );
};
