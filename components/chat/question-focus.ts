import { useEffect, useRef } from "react";

type FocusPlace = "question" | "rewrite" | "earlier" | "later";

/** Where the focus goes when the question that had it is replaced by another one. */
let wantedFocus: FocusPlace | null = null;

/** To be called before what has the focus is taken off the page: it is on the question, or on its tools, that take the place. */
export const focusNextQuestion = (place: FocusPlace): void => {
  wantedFocus = place;
};

/** For the question that takes the place, with its tools. */
export const useWantedFocus = () => {
  const ref = useRef<HTMLDivElement>(null);
  useEffect(() => {
    const head = ref.current;
    if (wantedFocus === null || head === null) return;
    const place = wantedFocus;
    wantedFocus = null;
    // Who asked from the composer goes on writing there.
    if (document.activeElement !== document.body) return;
    const target =
      head.querySelector<HTMLElement>(`[data-focus="${place}"]:enabled`) ??
      head.querySelector<HTMLElement>("[data-question]");
    target?.focus({ preventScroll: true });
  }, []);
  return ref;
};
