"use client";

import {
  useId,
  useLayoutEffect,
  useRef,
  type KeyboardEvent,
  type ReactElement,
  type ReactNode,
} from "react";

import { IconButton } from "#components/ui/button.tsx";

import css from "./composer.module.css";
import { words } from "./words.ts";

const longestQuestion = 4_000;

const useGrowth = (text: string) => {
  const ref = useRef<HTMLTextAreaElement>(null);
  useLayoutEffect(() => {
    const box = ref.current;
    // Browsers that can size a field by its content do it in the style sheet.
    if (box === null || CSS.supports("field-sizing", "content")) return;
    box.style.blockSize = "auto";
    box.style.blockSize = `${String(box.scrollHeight)}px`;
  }, [text]);
  return ref;
};

export interface ComposerProps {
  readonly text: string;
  readonly onText: (text: string) => void;
  readonly onSend: () => void;
  /** `null` while no answer runs. */
  readonly onStop: (() => void) | null;
  readonly stopping: boolean;
  /** Opens the last question of the chat for editing; `null` while there is none. */
  readonly onEditLast: (() => void) | null;
  readonly canAsk: boolean;
  readonly picker: ReactNode;
  readonly onAttach: (files: readonly File[]) => void;
  /** The files that are attached already. */
  readonly attached: ReactNode;
}

const AttachButton = ({
  onAttach,
}: {
  readonly onAttach: (files: readonly File[]) => void;
}): ReactElement => {
  const input = useRef<HTMLInputElement>(null);
  return (
    <>
      <input
        ref={input}
        type="file"
        multiple
        hidden
        aria-label={words.attach}
        data-attach=""
        onChange={(event) => {
          onAttach([...(event.target.files ?? [])]);
          event.target.value = "";
        }}
      />
      <IconButton icon="clip" label={words.attach} onClick={() => input.current?.click()} />
    </>
  );
};

const keyed = (event: KeyboardEvent<HTMLTextAreaElement>, props: ComposerProps): void => {
  if (event.nativeEvent.isComposing) return;
  if (event.key === "Enter" && !event.shiftKey && !event.altKey) {
    event.preventDefault();
    if (props.onStop === null) props.onSend();
    return;
  }
  if (event.key === "ArrowUp" && props.text === "" && props.onEditLast !== null) {
    event.preventDefault();
    props.onEditLast();
  }
};

/** Send and stop share one place. */
const Go = (props: ComposerProps): ReactElement =>
  props.onStop === null ? (
    <IconButton
      key="send"
      icon="send"
      label={words.send}
      look="primary"
      type="submit"
      className={css["go"]}
      disabled={props.text.trim() === "" || !props.canAsk}
    />
  ) : (
    <IconButton
      key="stop"
      icon="stop"
      label={props.stopping ? words.stopping : words.stop}
      look="primary"
      className={css["go"]}
      disabled={props.stopping}
      onClick={props.onStop}
    />
  );

/** Where questions are written. */
export const Composer = (props: ComposerProps): ReactElement => {
  const ref = useGrowth(props.text);
  const id = useId();
  return (
    <form
      className={css["composer"]}
      onSubmit={(event) => {
        event.preventDefault();
        if (props.onStop === null) props.onSend();
      }}
    >
      {props.attached}
      <label htmlFor={id} className={css["label"]}>
        {words.composerLabel}
      </label>
      <textarea
        ref={ref}
        id={id}
        className={css["box"]}
        rows={1}
        maxLength={longestQuestion}
        placeholder={words.placeholder}
        value={props.text}
        data-composer=""
        autoComplete="off"
        enterKeyHint="send"
        dir="auto"
        onPaste={(event) => {
          const files = [...event.clipboardData.files];
          if (files.length === 0) return;
          event.preventDefault();
          props.onAttach(files);
        }}
        onChange={(event) => {
          props.onText(event.target.value);
        }}
        onKeyDown={(event) => {
          keyed(event, props);
        }}
      />
      <div className={css["row"]}>
        {props.picker}
        <AttachButton onAttach={props.onAttach} />
        <Go {...props} />
      </div>
    </form>
  );
};
