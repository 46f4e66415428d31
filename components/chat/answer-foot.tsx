"use client";

import Link from "next/link";
import { useState, type ReactElement } from "react";

import { withdrawnKind } from "#lib/core/chat/visible-snapshot.ts";
import { failureOf } from "#components/api/failure.ts";
import { useSession } from "#components/shell/session.tsx";
import { IconButton } from "#components/ui/button.tsx";
import { useReaderLocale } from "#components/ui/reader-locale.ts";
import { showToast } from "#components/ui/toast.tsx";

import css from "./answer-foot.module.css";
import { citedNumbers, copyText } from "./answer-words.ts";
import type { TurnState } from "./conversation-state.ts";
import { FeedbackDialog } from "./feedback-dialog.tsx";
import { rateAnswer } from "./rate-answer.ts";
import { SourceList } from "./source-list.tsx";
import { saySources, words } from "./words.ts";

const copy = async (turn: TurnState): Promise<void> => {
  try {
    await navigator.clipboard.writeText(copyText(turn.question, turn.live.snapshot));
    showToast(words.copied);
  } catch {
    showToast(words.copyFailed);
  }
};

const rate = async (
  conversationId: string,
  turn: TurnState,
  rating: "up" | "down" | null,
  reason?: string,
): Promise<void> => {
  try {
    await rateAnswer(conversationId, turn, rating, reason);
    if (rating !== null) showToast(words.thanks);
  } catch (error) {
    showToast(`${words.feedbackFailed} ${failureOf(error).message}`);
  }
};

const Ratings = ({
  conversationId,
  turn,
}: {
  readonly conversationId: string;
  readonly turn: TurnState;
}): ReactElement => {
  const [asking, setAsking] = useState(false);
  return (
    <>
      <IconButton
        icon="up"
        label={words.good}
        aria-pressed={turn.rating === "up"}
        onClick={() => void rate(conversationId, turn, turn.rating === "up" ? null : "up")}
      />
      <IconButton
        icon="down"
        label={words.poor}
        aria-pressed={turn.rating === "down"}
        onClick={() => {
          if (turn.rating === "down") void rate(conversationId, turn, null);
          else setAsking(true);
        }}
      />
      {asking ? (
        <FeedbackDialog
          onClose={() => {
            setAsking(false);
          }}
          onSend={(reason) => {
            setAsking(false);
            void rate(conversationId, turn, "down", reason);
          }}
        />
      ) : null}
    </>
  );
};

/** Painted again by itself when the reader's way to write numbers is known. */
const SourceCount = ({ count }: { readonly count: number }): string =>
  saySources(count, useReaderLocale());

/** For admins: how the answer came about. */
const TraceLink = ({ answerId }: { readonly answerId: string | null }): ReactElement | null =>
  useSession().user.role === "admin" && answerId !== null ? (
    <span>
      <Link className={css["sources"]} href={`/admin/quality/traces/${answerId}`} prefetch={false}>
        {words.trace}
      </Link>
    </span>
  ) : null;

const seconds = (turn: TurnState): string | null => {
  if (turn.endedAtMs === null) return null;
  const tookMs = Math.max(0, turn.endedAtMs - turn.askedAtMs);
  if (tookMs < 50) return "< 0.1 s";
  return `${(tookMs / 1_000).toFixed(tookMs < 9_950 ? 1 : 0)} s`;
};

/** That documents disagree is said where they are quoted, and what is not shown where it would be. */
const isForFoot = ({ kind }: { readonly kind: string }): boolean =>
  kind !== "conflict" && kind !== withdrawnKind;

/** Under a finished answer: its sources, who wrote it, and what can be done with it. */
export const AnswerFoot = ({
  conversationId,
  turn,
  onRetry,
  readOnly,
}: {
  readonly conversationId: string;
  readonly turn: TurnState;
  readonly onRetry: (() => void) | null;
  readonly readOnly: boolean;
}): ReactElement => {
  const { snapshot } = turn.live;
  const [listed, setListed] = useState(false);
  const cited = citedNumbers(snapshot);
  // A model whose words were all left out wrote nothing of what is shown.
  const facts = [snapshot.sentences.length === 0 ? null : snapshot.model, seconds(turn)].filter(
    (fact) => fact !== null,
  );
  return (
    <footer className={css["foot"]}>
      <div className={css["line"]}>
        <p className={css["facts"]}>
          {snapshot.sources.length === 0 ? null : (
            <button
              type="button"
              className={css["sources"]}
              aria-expanded={listed}
              onClick={() => {
                setListed((open) => !open);
              }}
            >
              <SourceCount count={snapshot.sources.length} />
            </button>
          )}
          {facts.map((fact) => (
            <span key={fact}>{fact}</span>
          ))}
          {readOnly ? null : <TraceLink answerId={turn.answerId} />}
        </p>
        <div className={css["actions"]}>
          <IconButton icon="copy" label={words.copy} onClick={() => void copy(turn)} />
          {onRetry === null ? null : (
            <IconButton icon="retry" label={words.retry} onClick={onRetry} />
          )}
          {readOnly ? null : <Ratings conversationId={conversationId} turn={turn} />}
        </div>
      </div>
      {snapshot.notices.filter(isForFoot).map((notice) => (
        <p key={notice.message} className={css["notice"]}>
          {notice.message}
        </p>
      ))}
      {listed ? <SourceList answerKey={turn.key} snapshot={snapshot} cited={cited} /> : null}
    </footer>
  );
};
