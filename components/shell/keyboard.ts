/** True where single keys write text instead of being shortcuts. */
export const isTyping = (target: EventTarget | null): boolean =>
  target instanceof HTMLElement &&
  (target.isContentEditable ||
    target instanceof HTMLTextAreaElement ||
    target instanceof HTMLSelectElement ||
    (target instanceof HTMLInputElement && !["checkbox", "radio", "button"].includes(target.type)));

export const hasModifier = (event: KeyboardEvent): boolean =>
  event.ctrlKey || event.metaKey || event.altKey;

/** Ctrl or ⌘ with Shift and a letter. */
export const isChord = (event: KeyboardEvent, letter: string): boolean =>
  (event.ctrlKey || event.metaKey) && event.shiftKey && event.key.toLowerCase() === letter;

/** A dialog or menu is open: it has the keys to itself. */
export const somethingFloats = (): boolean =>
  document.querySelector("dialog[open], [popover]:popover-open") !== null;
