"use client";

import {
  useEffect,
  useRef,
  useState,
  type KeyboardEvent,
  type ReactElement,
  type ReactNode,
} from "react";

import { Button, IconButton } from "#components/ui/button.tsx";
import { createStore, useStore } from "#components/ui/store.ts";

import { showBranch } from "./chat-store.ts";
import type { TurnState } from "./conversation-state.ts";
import { focusNextQuestion, useWantedFocus } from "./question-focus.ts";
import css from "./question.module.css";
import { words } from "./words.ts";

/** Key of the turn whose question is being rewritten. */
const rewritten = createStore<string | null>(null);

export const rewriteQuestion = (key: string | null): void => {
  rewritten.set(key);
};

const Branches = ({
  conversationId,
  turn,
  enabled,
}: {
  readonly conversationId: string;
  readonly turn: TurnState;
  readonly enabled: boolean;
}): ReactElement | null => {
  const at = turn.siblings.findIndex((id) => id === turn.answerId);
  if (turn.siblings.length < 2 || at === -1) return null;
  const step = (by: 1 | -1) => {
    const next = turn.siblings[at + by];
    const place = by === 1 ? "later" : "earlier";
    return {
      disabled: !enabled || next === undefined,
      "data-focus": place,
      onClick: () => {
        if (next === undefined) return;
        focusNextQuestion(place);
        void showBranch(conversationId, next);
      },
    } as const;
  };
  return (
    <div className={css["branches"]} role="group" aria-label={words.branches}>
      <IconButton icon="chevronLeft" size={16} label={words.earlierBranch} {...step(-1)} />
      <span aria-label={words.branchOf(at + 1, turn.siblings.length)} role="img">
        {`${String(at + 1)}/${String(turn.siblings.length)}`}
      </span>
      <IconButton icon="chevronRight" size={16} label={words.laterBranch} {...step(1)} />
    </div>
  );
};

const keyed = (event: KeyboardEvent, send: () => void, close: () => void): void => {
  if (event.nativeEvent.isComposing) return;
  const run =
    event.key === "Escape" ? close : event.key === "Enter" && !event.shiftKey ? send : null;
  if (run === null) return;
  event.preventDefault();
  run();
};

/** At the end of the text as it was. */
const useRewritingFocus = (textLength: number) => {
  const ref = useRef<HTMLTextAreaElement>(null);
  useEffect(() => {
    ref.current?.focus();
    ref.current?.setSelectionRange(textLength, textLength);
    // The box is higher than the question was, and the browser makes room for it above the edge.
    const frame = requestAnimationFrame(() => {
      ref.current?.scrollIntoView({ block: "nearest" });
    });
    return () => {
      cancelAnimationFrame(frame);
    };
  }, [textLength]);
  return ref;
};

const Rewriting = ({
  question,
  onSend,
}: {
  readonly question: string;
  readonly onSend: (question: string) => void;
}): ReactElement => {
  const [text, setText] = useState(question);
  const ref = useRewritingFocus(question.length);
  const close = (): void => {
    focusNextQuestion("rewrite");
    rewriteQuestion(null);
  };
  const send = (): void => {
    if (text.trim() === "") return;
    rewriteQuestion(null);
    onSend(text.trim());
  };
  return (
    <form
      className={css["rewriting"]}
      onSubmit={(event) => {
        event.preventDefault();
        send();
      }}
    >
      <textarea
        ref={ref}
        className={css["box"]}
        aria-label={words.rewrite}
        value={text}
        maxLength={4_000}
        rows={2}
        dir="auto"
        onChange={(event) => {
          setText(event.target.value);
        }}
        onKeyDown={(event) => {
          keyed(event, send, close);
        }}
      />
      <div className={css["foot"]}>
        <p>{words.rewriteHint}</p>
        <Button onClick={close}>{words.cancel}</Button>
        <Button look="primary" type="submit" disabled={text.trim() === ""}>
          {words.send}
        </Button>
      </div>
    </form>
  );
};

const Head = ({ children }: { readonly children: ReactNode }): ReactElement => (
  <div ref={useWantedFocus()} className={css["head"]}>
    {children}
  </div>
);

/** The question as a heading, with its other wordings to switch to and a way to write another one. */
export const Question = ({
  conversationId,
  turn,
  titleId,
  readOnly,
  onRewrite,
}: {
  readonly conversationId: string;
  readonly turn: TurnState;
  readonly titleId: string;
  /** Someone else's: it can never be written anew. */
  readonly readOnly: boolean;
  /** `null` while nothing can be asked, as when an answer runs. */
  readonly onRewrite: ((question: string) => void) | null;
}): ReactElement => {
  const isRewritten = useStore(rewritten, (key) => key === turn.key);
  if (isRewritten && onRewrite !== null) {
    return (
      <>
        <h2 id={titleId} className={css["hidden"]}>
          {turn.question}
        </h2>
        <Rewriting question={turn.question} onSend={onRewrite} />
      </>
    );
  }
  return (
    <Head>
      <h2 id={titleId} className={css["question"]} tabIndex={-1} data-question="" dir="auto">
        {turn.question}
      </h2>
      <div className={css["tools"]}>
        <Branches conversationId={conversationId} turn={turn} enabled={onRewrite !== null} />
        {readOnly ? null : (
          // It keeps its place while it cannot be used: nothing may move when an answer begins or ends.
          <IconButton
            icon="pencil"
            size={16}
            label={words.rewrite}
            className={css["edit"]}
            data-focus="rewrite"
            disabled={onRewrite === null || turn.answerId === null}
            onClick={() => {
              rewriteQuestion(turn.key);
            }}
          />
        )}
      </div>
    </Head>
  );
};
