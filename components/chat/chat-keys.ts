import { useEffect, useEffectEvent } from "react";

import { closeViewer, toggleViewer, viewer } from "#components/viewer/viewer-state.ts";
import { hasModifier, isTyping } from "#components/shell/keyboard.ts";

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
  "]": toggleViewer,
  j: () => {
    moveBetweenQuestions(1);
  },
  k: () => {
    moveBetweenQuestions(-1);
  },
};

const somethingFloats = (): boolean =>
  document.querySelector("dialog[open], [popover]:popover-open") !== null;

/** Keys of the chat. Escape first closes what floats, then the source, then stops the answer. */
export const useChatKeys = (onStop: (() => void) | null): void => {
  const keyed = useEffectEvent((event: KeyboardEvent) => {
    if (event.defaultPrevented || hasModifier(event) || somethingFloats()) return;
    if (event.key === "Escape") {
      if (onStop !== null && (viewer.get() === null || isTyping(event.target))) onStop();
      else if (viewer.get() !== null) closeViewer();
      return;
    }
    const run = plainKeys[event.key];
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
