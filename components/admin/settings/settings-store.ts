import { api } from "#components/api/endpoints.ts";
import { createResource } from "#components/api/resource.ts";
import type { ShownSetting } from "#components/api/shapes.ts";

export type SettingValue = ShownSetting["value"];

export const settings = createResource(async () => (await api.settings()).settings);

/** Writes changes; returns what takes them back. Throws ApiFailure. */
export const saveSettings = async (
  changes: ReadonlyMap<string, SettingValue | null>,
): Promise<() => Promise<void>> => {
  const before = new Map(
    (settings.get().value ?? []).map((one) => [one.key, one.isDefault ? null : one.value]),
  );
  const write = async (values: ReadonlyMap<string, SettingValue | null>): Promise<void> => {
    const written = await api.changeSettings(Object.fromEntries(values));
    settings.update(() => written.settings);
  };
  await write(changes);
  return () => write(new Map([...changes.keys()].map((key) => [key, before.get(key) ?? null])));
};
