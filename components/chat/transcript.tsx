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
  const [whole, setWhole] = useState(turns.length <= endTurns);
  useEffect(() => {
    if (whole) return;
    startTransition(() => {
      setWhole(true);
    });
  }, [whole]);
  return whole ? turns : turns.slice(-endTurns);
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

  const count = conversation.turns.length;
  const counted = useRef(count);
  useLayoutEffect(() => {
    if (count > counted.current) followed.current = true;
    counted.current = count;
    if (followed.current) toEnd();
  }, [conversation, count, shown, toEnd]);

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
  const followed = mayAsk && last?.live.snapshot.outcome === "complete" ? last.answerId : null;
  return (
    <div className={css["frame"]}>
      <div
        ref={ref}
        className={css["scroll"]}
        tabIndex={0}
        role="region"
        aria-label={words.transcript}
      >
        <div className={css["column"]}>
          <h1 className={css["title"]}>{conversation.title}</h1>
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
        <Button icon="arrowDown" className={css["jump"]} onClick={toEnd}>
          {words.jump}
        </Button>
      ) : null}
    </div>
  );
};
