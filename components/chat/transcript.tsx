"use client";

import {
  startTransition,
  useCallback,
  useEffect,
  useLayoutEffect,
  useRef,
  useState,
  type ReactElement,
} from "react";

import { Button } from "#components/ui/button.tsx";
import { Notice } from "#components/ui/notice.tsx";

import { loadConversation } from "./chat-store.ts";
import { runningTurn, type ConversationState, type TurnState } from "./conversation-state.ts";
import { FollowUps } from "./follow-ups.tsx";
import { useSearchedAnswer } from "./searched-answer.ts";
import css from "./transcript.module.css";
import { Turn } from "./turn.tsx";
import { words } from "./words.ts";

/** Nearer than this to the end counts as reading the end. */
const nearPx = 48;

/** A long chat shows its end first; what stands before it follows as soon as there is time. */
const endTurns = 40;

const useShownTurns = (turns: readonly TurnState[]) => {
  const first = turns[0]?.key;
  const [shownFrom, setShownFrom] = useState(turns.length <= endTurns ? first : undefined);
  const whole = turns.length <= endTurns || shownFrom === first;
  useEffect(() => {
    startTransition(() => {
      setShownFrom(first);
    });
  }, [first]);
  return whole ? turns : turns.slice(-endTurns);
};

/**
 * Until the script runs, styles alone hold the page at the end of the chat, where whoever opens it reads. Then the same
 * place is held by scrolling, before the next paint.
 * @returns whether the reader is at the end
 */
const takeOver = (box: HTMLElement): boolean => {
  const fromEnd = -box.scrollTop;
  delete box.dataset["atEnd"];
  box.scrollTop = box.scrollHeight - box.clientHeight - fromEnd;
  return fromEnd < nearPx;
};

const useFollowing = (conversation: ConversationState, shown: number) => {
  const ref = useRef<HTMLDivElement>(null);
  const followed = useRef(true);
  const [away, setAway] = useState(false);

  const toEnd = useCallback((): void => {
    const box = ref.current;
    if (box === null) return;
    followed.current = true;
    box.scrollTop = box.scrollHeight;
  }, []);

  useLayoutEffect(() => {
    if (ref.current !== null) followed.current = takeOver(ref.current);
  }, []);

  const { turns } = conversation;
  const seen = useRef(turns);
  useLayoutEffect(() => {
    const isAsked = turns.length > seen.current.length;
    // Turns that come before those on the page bring nothing new to its end.
    if (isAsked && turns.at(-1)?.key !== seen.current.at(-1)?.key) followed.current = true;
    seen.current = turns;
    if (followed.current) toEnd();
  }, [conversation, turns, shown, toEnd]);

  useEffect(() => {
    const box = ref.current;
    if (box === null) return undefined;
    const onScroll = (): void => {
      followed.current = box.scrollHeight - box.scrollTop - box.clientHeight < nearPx;
      setAway(!followed.current);
    };
    // The frame gets narrower or the composer taller: whoever read the end goes on reading it.
    const watcher = new ResizeObserver(() => {
      if (followed.current) toEnd();
    });
    watcher.observe(box);
    box.addEventListener("scroll", onScroll, { passive: true });
    return () => {
      watcher.disconnect();
      box.removeEventListener("scroll", onScroll);
    };
  }, [toEnd]);

  const leaveEnd = useCallback((): void => {
    followed.current = false;
  }, []);

  return { ref, away, toEnd, leaveEnd };
};

/** Over turns that came with the page, when the rest could not be read. */
const RestUnread = ({
  id,
  failure,
}: {
  readonly id: string;
  readonly failure: ConversationState["failure"];
}): ReactElement | null =>
  failure === null ? null : (
    <div className={css["rest"]}>
      <Notice
        tone="bad"
        code={failure.requestId}
        action={<Button onClick={() => void loadConversation(id)}>{words.openAgain}</Button>}
      >
        {failure.message}
      </Notice>
    </div>
  );

/** The questions and answers of a chat. It follows the end only while the reader is there. */
export const Transcript = ({
  id,
  conversation,
  searched,
  onAsk,
  onAskAgain,
  onResend,
}: {
  readonly id: string;
  readonly conversation: ConversationState;
  readonly searched: readonly string[];
  readonly onAsk: (question: string) => void;
  readonly onAskAgain: (turn: TurnState, question: string) => void;
  readonly onResend: (turn: TurnState) => void;
}): ReactElement => {
  const turns = useShownTurns(conversation.turns);
  const { ref, away, toEnd, leaveEnd } = useFollowing(conversation, turns.length);
  useSearchedAnswer(id, conversation, turns.length, leaveEnd);
  const mayAsk = runningTurn(conversation) === null;
  const last = conversation.turns.at(-1);
  // With all turns on the page: what comes to stand below the end must not be scrolled to by turns that come above it.
  const settled = mayAsk && !conversation.isPart;
  const followed = settled && last?.live.snapshot.outcome === "complete" ? last.answerId : null;
  return (
    <div className={css["frame"]}>
      <div
        ref={ref}
        className={css["scroll"]}
        data-at-end=""
        tabIndex={0}
        role="region"
        aria-label={words.transcript}
      >
        <div className={css["column"]}>
          <h1 className={css["title"]}>{conversation.title}</h1>
          <RestUnread id={id} failure={conversation.failure} />
          {turns.map((turn) => (
            <Turn
              key={turn.key}
              conversationId={id}
              turn={turn}
              searched={searched}
              mayAsk={mayAsk}
              onAskAgain={onAskAgain}
              onResend={onResend}
            />
          ))}
          {followed === null ? null : (
            <FollowUps key={followed} answerId={followed} onAsk={onAsk} />
          )}
        </div>
      </div>
      {away ? (
        <Button icon="arrowDown" className={css["jump"]} data-jump="" onClick={toEnd}>
          {words.jump}
        </Button>
      ) : null}
    </div>
  );
};
