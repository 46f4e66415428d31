"use client";

import { memo, useId, type ReactElement, type ReactNode } from "react";

import { Button } from "#components/ui/button.tsx";
import { Notice } from "#components/ui/notice.tsx";

import { AnswerFoot } from "./answer-foot.tsx";
import type { TurnState } from "./conversation-state.ts";
import { Evidence } from "./evidence.tsx";
import { isRunning } from "./live-answer.ts";
import { Refusal } from "./refusal.tsx";
import css from "./turn.module.css";
import { Waiting } from "./waiting.tsx";
import { words } from "./words.ts";
import { WrittenAnswer } from "./written-answer.tsx";

export interface TurnActions {
  readonly onRetry: (question: string) => void;
  /** Asks a question again that never reached the server. */
  readonly onResend: (turn: TurnState) => void;
}

const Broken = ({
  tone,
  text,
  code,
  onRetry,
}: {
  readonly tone: "bad" | "warning";
  readonly text: string;
  readonly code: string | null;
  readonly onRetry: () => void;
}): ReactElement => (
  <Notice tone={tone} code={code} action={<Button onClick={onRetry}>{words.retryAction}</Button>}>
    {text}
  </Notice>
);

const Ending = ({
  turn,
  onRetry,
}: {
  readonly turn: TurnState;
  readonly onRetry: () => void;
}): ReactNode => {
  const { outcome, error } = turn.live.snapshot;
  const code = error?.code ?? null;
  switch (outcome) {
    case "running":
    case "complete":
    case "refused":
      return null;
    case "stopped":
      return <p className={css["ending"]}>{words.stopped}</p>;
    case "interrupted":
      return <Broken tone="warning" text={words.interrupted} code={code} onRetry={onRetry} />;
    case "failed":
      return (
        <Broken tone="bad" text={error?.message ?? words.failed} code={code} onRetry={onRetry} />
      );
    default:
      return outcome satisfies never;
  }
};

const Answer = ({
  turn,
  searched,
}: {
  readonly turn: TurnState;
  readonly searched: readonly string[];
}): ReactElement => {
  const { snapshot } = turn.live;
  if (snapshot.verdict === "related" || snapshot.outcome === "refused") {
    return <Refusal answerKey={turn.key} snapshot={snapshot} searched={searched} />;
  }
  return (
    <>
      <Evidence answerKey={turn.key} snapshot={snapshot} />
      <WrittenAnswer answerKey={turn.key} snapshot={snapshot} />
    </>
  );
};

const NotSent = ({
  turn,
  onResend,
}: {
  readonly turn: TurnState;
  readonly onResend: (turn: TurnState) => void;
}): ReactElement => (
  <Notice
    tone="bad"
    code={
      turn.failure === null
        ? null
        : [turn.failure.code, turn.failure.requestId].filter((part) => part !== null).join(" · ")
    }
    action={
      <Button
        onClick={() => {
          onResend(turn);
        }}
      >
        {words.askFailedAction}
      </Button>
    }
  >
    {turn.failure?.message}
  </Notice>
);

/** A question as a heading and its answer below, built from the top down and never rearranged. */
export const Turn = memo(function Turn({
  conversationId,
  turn,
  searched,
  retryable,
  onRetry,
  onResend,
}: TurnActions & {
  readonly conversationId: string;
  readonly turn: TurnState;
  readonly searched: readonly string[];
  /** False while another answer of the conversation runs. */
  readonly retryable: boolean;
}): ReactElement {
  const titleId = useId();
  const retry = (): void => {
    onRetry(turn.question);
  };
  return (
    <article
      className={css["turn"]}
      aria-labelledby={titleId}
      aria-busy={isRunning(turn.live) && turn.failure === null}
    >
      <h2 id={titleId} className={css["question"]} tabIndex={-1} data-question="">
        {turn.question}
      </h2>
      {turn.failure !== null ? (
        <NotSent turn={turn} onResend={onResend} />
      ) : (
        <>
          <Answer turn={turn} searched={searched} />
          <Waiting turn={turn} />
          <Ending turn={turn} onRetry={retry} />
          {isRunning(turn.live) ? null : (
            <AnswerFoot
              conversationId={conversationId}
              turn={turn}
              onRetry={retryable ? retry : null}
            />
          )}
        </>
      )}
    </article>
  );
});
