import { useEffect, useEffectEvent } from "react";

import { viewer } from "#components/viewer/viewer-state.ts";
import { hasModifier, isTyping, singleKeys, somethingFloats } from "#components/shell/keyboard.ts";

const composer = (): HTMLTextAreaElement | null =>
  document.querySelector<HTMLTextAreaElement>("[data-composer]");

const moveBetweenQuestions = (step: 1 | -1): void => {
  const questions = [...document.querySelectorAll<HTMLElement>("[data-question]")];
  const at = questions.findIndex((question) => question === document.activeElement);
  const next =
    at === -1
      ? step === 1
        ? 0
        : questions.length - 1
      : Math.max(0, Math.min(questions.length - 1, at + step));
  const target = questions[next];
  target?.focus({ preventScroll: true });
  target?.scrollIntoView({ block: "start" });
};

const plainKeys: Readonly<Record<string, () => void>> = {
  "/": () => composer()?.focus(),
  j: () => {
    moveBetweenQuestions(1);
  },
  k: () => {
    moveBetweenQuestions(-1);
  },
};

const somethingCovers = (): boolean =>
  viewer.get() !== null || document.querySelector('[data-drawer="open"]') !== null;

/** Keys of the chat. */
export const useChatKeys = (onStop: (() => void) | null): void => {
  const keyed = useEffectEvent((event: KeyboardEvent) => {
    if (event.defaultPrevented || hasModifier(event) || somethingFloats()) return;
    if (event.key === "Escape") {
      // What lies over the chat is closed first, unless one is writing.
      if (onStop === null || (somethingCovers() && !isTyping(event.target))) return;
      event.preventDefault();
      onStop();
      return;
    }
    const run = singleKeys.get() ? plainKeys[event.key] : undefined;
    if (run === undefined || isTyping(event.target)) return;
    event.preventDefault();
    run();
  });
  useEffect(() => {
    const listener = (event: KeyboardEvent): void => {
      keyed(event);
    };
    document.addEventListener("keydown", listener);
    return () => {
      document.removeEventListener("keydown", listener);
    };
  }, []);
};
