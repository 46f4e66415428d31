"use client";

import type { ReactElement } from "react";

import { useQuickNow } from "#components/ui/clock.ts";

import type { TurnState } from "./conversation-state.ts";
import { isRunning } from "./live-answer.ts";
import css from "./waiting.module.css";
import { sayPlace, words } from "./words.ts";

const placeAfterMs = 1_000;
const reasonAfterMs = 9_000;

const whatNow = (turn: TurnState, waitedMs: number): string => {
  const { live } = turn;
  if (turn.stopping) return words.stopping;
  if (live.queue !== null && waitedMs >= placeAfterMs) {
    return sayPlace(live.queue.place, live.queue.expectedMs);
  }
  return live.snapshot.verdict === null ? words.searching : words.writing;
};

/** What is going on while there is nothing new to read: in words from the first moment, with the place after a second and the reason after nine. */
export const Waiting = ({ turn }: { readonly turn: TurnState }): ReactElement | null => {
  const running = isRunning(turn.live);
  const nowMs = useQuickNow(running);
  if (!running) return null;
  const { snapshot } = turn.live;
  const reading = snapshot.openText !== "" || snapshot.sentences.length > 0;
  if (reading && turn.connection === "steady" && !turn.stopping) return null;
  const waitedMs = nowMs === null ? 0 : nowMs - turn.askedAtMs;
  return (
    <div className={css["waiting"]}>
      <p className={css["now"]}>
        <span className={css["pulse"]} aria-hidden="true" />
        {turn.connection === "lost" ? words.lost : whatNow(turn, waitedMs)}
      </p>
      {waitedMs >= reasonAfterMs && turn.connection === "steady" ? (
        <p className={css["reason"]}>{snapshot.notices.at(-1)?.message ?? words.slow}</p>
      ) : null}
    </div>
  );
};
