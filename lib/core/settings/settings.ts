import { cacheSettings } from "./cache-settings.ts";
import { accountsSettings } from "./accounts-settings.ts";
import { chatSettings } from "./chat-settings.ts";
import { clusterSettings } from "./cluster-settings.ts";
import { limitSettings } from "./limit-settings.ts";
import { documentSettings } from "./document-settings.ts";
import { shareSettings } from "./share-settings.ts";
import { strainSettings } from "./strain-settings.ts";
import { qualitySettings } from "./quality-settings.ts";
import { snapshotSettings } from "./snapshot-settings.ts";
import { sourceSettings } from "./source-settings.ts";
import { type Setting, settingFault, type ValueOf } from "./setting-kinds.ts";

/** What an admin may change while Drover runs. A new setting is one entry in its group's file; a new group is one line here and in `groupTitles`. */
export const settingGroups = {
  cluster: clusterSettings,
  chat: chatSettings,
  cache: cacheSettings,
  limits: limitSettings,
  shares: shareSettings,
  strain: strainSettings,
  accounts: accountsSettings,
  documents: documentSettings,
  quality: qualitySettings,
  sources: sourceSettings,
  snapshots: snapshotSettings,
};

type Groups = typeof settingGroups;
export type GroupName = keyof Groups;

/** As the settings page heads them, in its order. */
export const groupTitles: Readonly<Record<GroupName, string>> = {
  cluster: "Cluster",
  chat: "Chat",
  cache: "Answer cache",
  limits: "Limits",
  shares: "Shares of the cluster",
  strain: "When the cluster is strained",
  accounts: "Accounts",
  documents: "Documents",
  quality: "Quality",
  sources: "Followed sources",
  snapshots: "Snapshots",
};

type Values<G> = { readonly [K in keyof G]: G[K] extends Setting ? ValueOf<G[K]> : never };

/** The settings in force, by group and name: `settings.chat.answersAtOnce`. */
export type Settings = { readonly [N in GroupName]: Values<Groups[N]> };

/** Every setting under its key `group.name`, in the page's order. */
export const allSettings: ReadonlyMap<string, Setting> = new Map(
  Object.entries(settingGroups).flatMap(([group, settings]) =>
    Object.entries<Setting>(settings).map(([name, setting]) => [`${group}.${name}`, setting]),
  ),
);

/**
 * The settings in force when `stored` holds what was changed, by key. A value that does not fit (written by another
 * version of Drover) counts as unchanged.
 */
export function settingsFrom(stored: ReadonlyMap<string, unknown>): Settings {
  const groups = Object.entries(settingGroups).map(([group, settings]) => [
    group,
    Object.fromEntries(
      Object.entries<Setting>(settings).map(([name, setting]) => {
        const value = stored.get(`${group}.${name}`);
        return [name, settingFault(setting, value) === null ? value : setting.fallback];
      }),
    ),
  ]);
  return Object.fromEntries(groups) as Settings;
}

export const defaultSettings: Settings = settingsFrom(new Map());

/** One sentence for each change that cannot be made, with its key. `null` as value means back to the default. */
export function changeFaults(changes: ReadonlyMap<string, unknown>): readonly string[] {
  return [...changes].flatMap(([key, value]) => {
    const setting = allSettings.get(key);
    if (setting === undefined) return [`${key.slice(0, 100)}: there is no such setting.`];
    const fault = value === null ? null : settingFault(setting, value);
    return fault === null ? [] : [`${key}: ${fault}`];
  });
}
