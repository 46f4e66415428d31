import { createStore } from "#components/ui/store.ts";

/** True where single keys write text instead of being shortcuts. */
export const isTyping = (target: EventTarget | null): boolean =>
  target instanceof HTMLElement &&
  (target.isContentEditable ||
    target instanceof HTMLTextAreaElement ||
    target instanceof HTMLSelectElement ||
    (target instanceof HTMLInputElement && !["checkbox", "radio", "button"].includes(target.type)));

const singleKeysOff = "drover-single-keys-off";

/** Whether keys without Ctrl or ⌘ are shortcuts in this browser. */
export const singleKeys = createStore(true);

export const loadSingleKeys = (): void => {
  try {
    singleKeys.set(localStorage.getItem(singleKeysOff) === null);
  } catch {
    // A browser without storage has them on.
  }
};

export const keepSingleKeys = (on: boolean): void => {
  singleKeys.set(on);
  try {
    if (on) localStorage.removeItem(singleKeysOff);
    else localStorage.setItem(singleKeysOff, "");
  } catch {
    // Then the choice lasts as long as the page.
  }
};

export const hasModifier = (event: KeyboardEvent): boolean =>
  event.ctrlKey || event.metaKey || event.altKey;

/** Ctrl or ⌘ with Shift and a letter. */
export const isChord = (event: KeyboardEvent, letter: string): boolean =>
  (event.ctrlKey || event.metaKey) && event.shiftKey && event.key.toLowerCase() === letter;

/** Ctrl or ⌘ and K. */
export const isPaletteKey = (event: KeyboardEvent): boolean =>
  (event.ctrlKey || event.metaKey) &&
  !event.shiftKey &&
  !event.altKey &&
  event.key.toLowerCase() === "k";

/** A dialog or menu is open: it has the keys to itself. */
export const somethingFloats = (): boolean =>
  document.querySelector("dialog[open], [popover]:popover-open") !== null;
