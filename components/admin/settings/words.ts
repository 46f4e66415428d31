import { sayCount } from "#components/ui/time-words.ts";

/** Every sentence of the settings page. */
export const words = {
  title: "Settings",
  notRead: "The settings could not be read.",
  changed: (when: string, who: string | null) =>
    `Changed ${when}${who === null ? "" : ` by ${who}`}.`,
  default: (value: string) => `Default: ${value}.`,
  backToDefault: (label: string) => `Back to the default: ${label}`,
  useDefault: "Use the default",
  on: "On",
  off: "Off",
  save: "Save",
  discard: "Discard",
  undo: "Undo",
  saved: "Saved. In force everywhere within two seconds.",
  taken: "Taken back.",
  unsaved: (count: number) => `${sayCount(count, "change", "changes")} not saved`,
} as const;

/** The first line of the page. */
export const sayState = (changed: number): string =>
  changed === 0
    ? "Everything is at its default."
    : `${sayCount(changed, "setting differs", "settings differ")} from the default. A change holds at once, without a restart.`;
