"use client";

import type { ReactElement } from "react";

import { createStore, useStore } from "./store.ts";
import { VisuallyHidden } from "./visually-hidden.tsx";

const spoken = createStore({ text: "", turn: 0 });

/** Has screen readers say a whole sentence once, when they are done with what they say now. */
export const announce = (text: string): void => {
  spoken.set((previous) => ({ text, turn: previous.turn + 1 }));
};

/** The page's one polite live region. A space that comes and goes makes the same sentence count as new. */
export const Announcer = (): ReactElement => {
  const { text, turn } = useStore(spoken, (value) => value);
  return (
    <VisuallyHidden>
      <span role="status" aria-live="polite">
        {turn % 2 === 0 ? text : `${text}\u00a0`}
      </span>
    </VisuallyHidden>
  );
};
