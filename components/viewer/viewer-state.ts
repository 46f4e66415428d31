import { createStore } from "#components/ui/store.ts";

import type { TextRange } from "./document-blocks.ts";

/** One place the viewer can show: a document, with or without a passage in it. */
export interface ViewerStop {
  readonly key: string;
  readonly citation: number | null;
  readonly documentId: string;
  readonly versionId: string | null;
  readonly title: string;
  readonly collectionName: string;
  readonly page: number | null;
  readonly passage: TextRange | null;
  readonly quote: TextRange | null;
}

export interface ViewerState {
  readonly stops: readonly ViewerStop[];
  readonly index: number;
}

/** What the source viewer shows; `null` while it is closed. */
export const viewer = createStore<ViewerState | null>(null);

let opener: HTMLElement | null = null;
let lastShown: ViewerState | null = null;

/** Opens the viewer; the control that has the focus now gets it back when it closes. */
export const openViewer = (stops: readonly ViewerStop[], index: number): void => {
  if (viewer.get() === null && document.activeElement instanceof HTMLElement) {
    opener = document.activeElement;
  }
  viewer.set({ stops, index });
};

export const closeViewer = (): void => {
  lastShown = viewer.get() ?? lastShown;
  viewer.set(null);
  if (opener?.isConnected === true) opener.focus({ preventScroll: true });
  opener = null;
};

export const toggleViewer = (): void => {
  if (viewer.get() !== null) closeViewer();
  else if (lastShown !== null) openViewer(lastShown.stops, lastShown.index);
};

export const moveViewer = (step: 1 | -1): void => {
  viewer.set((state) => {
    if (state === null) return null;
    const index = state.index + step;
    return index < 0 || index >= state.stops.length ? state : { ...state, index };
  });
};

/** Leaves nothing of one conversation behind for the next. */
export const forgetViewer = (): void => {
  lastShown = null;
  opener = null;
  viewer.set(null);
};
