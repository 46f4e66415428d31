"use client";

import type { ReactElement } from "react";

import { createAnnouncements } from "./announcements.ts";
import { useStore } from "./store.ts";
import { VisuallyHidden } from "./visually-hidden.tsx";

const { spoken, announce } = createAnnouncements({
  nowMs: () => performance.now(),
  later: (run, ms) => {
    setTimeout(run, ms);
  },
});

/** Has screen readers say a whole sentence once, at most one a second. */
export { announce };

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
