"use client";

import type { ReactElement } from "react";

import type { ResourceState } from "#components/api/resource.ts";
import type { ServerStatus } from "#components/api/shapes.ts";
import { serverStatus } from "#components/shell/conversations.ts";
import { useQuickNow } from "#components/ui/clock.ts";
import { useStore } from "#components/ui/store.ts";

import type { TurnState } from "./conversation-state.ts";
import { isRunning } from "./live-answer.ts";
import css from "./waiting.module.css";
import { sayPlace, words } from "./words.ts";

const placeAfterMs = 1_000;
const reasonAfterMs = 9_000;

/** While no node answers a place in the line would promise what nobody can keep. */
const noNode = ({ value }: ResourceState<ServerStatus>): string | null =>
  value?.messages.find(({ code }) => code === "no_node")?.text ?? null;

const whatNow = (turn: TurnState, waitedMs: number, away: string | null): string => {
  const { live } = turn;
  if (turn.stopping) return words.stopping;
  if (away !== null) return away;
  if (live.queue !== null && waitedMs >= placeAfterMs) {
    return sayPlace(live.queue.place, live.queue.expectedMs);
  }
  return live.snapshot.verdict === null ? words.searching : words.writing;
};

const Reason = ({
  turn,
  waitedMs,
}: {
  readonly turn: TurnState;
  readonly waitedMs: number;
}): ReactElement | null =>
  waitedMs >= reasonAfterMs && turn.connection === "steady" ? (
    <p className={css["reason"]}>{turn.live.snapshot.notices.at(-1)?.message ?? words.slow}</p>
  ) : null;

/** What is going on while there is nothing new to read: in words from the first moment, with the place after a second and the reason after nine. */
export const Waiting = ({ turn }: { readonly turn: TurnState }): ReactElement | null => {
  const running = isRunning(turn.live);
  const nowMs = useQuickNow(running);
  const away = useStore(serverStatus, noNode);
  if (!running) return null;
  const { snapshot } = turn.live;
  const reading = snapshot.openText !== "" || snapshot.sentences.length > 0;
  if (reading && turn.connection === "steady" && !turn.stopping) return null;
  const waitedMs = nowMs === null ? 0 : nowMs - turn.askedAtMs;
  return (
    <div className={css["waiting"]}>
      <p className={css["now"]}>
        <span className={css["pulse"]} aria-hidden="true" />
        {turn.connection === "lost" ? words.lost : whatNow(turn, waitedMs, away)}
      </p>
      {away === null ? <Reason turn={turn} waitedMs={waitedMs} /> : null}
    </div>
  );
};
