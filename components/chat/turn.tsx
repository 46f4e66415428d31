"use client";

import { memo, useId, type ReactElement, type ReactNode } from "react";

import { Button } from "#components/ui/button.tsx";
import { Notice } from "#components/ui/notice.tsx";
import type { AnswerSnapshot } from "#lib/core/chat/events.ts";
import { withdrawnKind } from "#lib/core/chat/visible-snapshot.ts";

import { AnswerFoot } from "./answer-foot.tsx";
import { AnswerText } from "./answer-text.tsx";
import type { TurnState } from "./conversation-state.ts";
import { Evidence } from "./evidence.tsx";
import { isRunning } from "./live-answer.ts";
import { Question } from "./question.tsx";
import { Refusal } from "./refusal.tsx";
import css from "./turn.module.css";
import { Waiting } from "./waiting.tsx";
import { words } from "./words.ts";

export interface TurnActions {
  /** Asks at the place of the turn, in its own words or others. */
  readonly onAskAgain: (turn: TurnState, question: string) => void;
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
  readonly onRetry: (() => void) | null;
}): ReactElement => (
  <Notice
    tone={tone}
    code={code}
    action={onRetry === null ? undefined : <Button onClick={onRetry}>{words.retryAction}</Button>}
  >
    {text}
  </Notice>
);

const Ending = ({
  turn,
  onRetry,
}: {
  readonly turn: TurnState;
  readonly onRetry: (() => void) | null;
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

/** In the place of what its reader may not see. */
const Withdrawn = ({ snapshot }: { readonly snapshot: AnswerSnapshot }): ReactNode =>
  snapshot.notices
    .filter(({ kind }) => kind === withdrawnKind)
    .map(({ message }) => (
      <p key={message} className={css["ending"]}>
        {message}
      </p>
    ));

const Answer = ({
  turn,
  searched,
}: {
  readonly turn: TurnState;
  readonly searched: readonly string[];
}): ReactElement => {
  const { snapshot } = turn.live;
  if (snapshot.verdict === "related" || snapshot.outcome === "refused") {
    return (
      <>
        <Refusal answerKey={turn.key} snapshot={snapshot} searched={searched} />
        <Withdrawn snapshot={snapshot} />
      </>
    );
  }
  return (
    <>
      <Evidence answerKey={turn.key} snapshot={snapshot} />
      <AnswerText answerKey={turn.key} snapshot={snapshot} />
      <Withdrawn snapshot={snapshot} />
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

const againWith = (ask: (question: string) => void, question: string) => (): void => {
  ask(question);
};

/** A question as a heading and its answer below, built from the top down and never rearranged. */
export const Turn = memo(function Turn({
  conversationId,
  turn,
  searched,
  mayAsk,
  readOnly = false,
  onAskAgain,
  onResend,
}: TurnActions & {
  readonly conversationId: string;
  readonly turn: TurnState;
  readonly searched: readonly string[];
  /** False while another answer of the conversation runs. */
  readonly mayAsk: boolean;
  /** Someone else's: nothing can be asked or rated. */
  readonly readOnly?: boolean;
}): ReactElement {
  const titleId = useId();
  const running = isRunning(turn.live) && turn.failure === null;
  const ask = (question: string): void => {
    onAskAgain(turn, question);
  };
  const again = mayAsk && !readOnly ? ask : null;
  const retry = again === null ? null : againWith(again, turn.question);
  return (
    <article
      className={css["turn"]}
      aria-labelledby={titleId}
      aria-busy={running && !readOnly}
      data-answer={turn.answerId ?? undefined}
    >
      <Question
        conversationId={conversationId}
        turn={turn}
        titleId={titleId}
        readOnly={readOnly}
        onRewrite={again}
      />
      {turn.failure !== null ? (
        <NotSent turn={turn} onResend={onResend} />
      ) : (
        <>
          <Answer turn={turn} searched={searched} />
          {readOnly && running ? (
            <p className={css["ending"]}>{words.stillWritten}</p>
          ) : (
            <Waiting turn={turn} />
          )}
          <Ending turn={turn} onRetry={retry} />
          {running ? null : (
            <AnswerFoot
              conversationId={conversationId}
              turn={turn}
              onRetry={retry}
              readOnly={readOnly}
            />
          )}
        </>
      )}
    </article>
  );
});
