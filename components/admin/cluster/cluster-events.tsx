"use client";

import type { ReactElement } from "react";

import type { ClusterSnapshot } from "#lib/core/health/cluster-snapshot.ts";
import { useSlowNow } from "#components/ui/clock.ts";
import { sayExactly, sayMoment } from "#components/ui/time-words.ts";

import css from "./cluster-page.module.css";
import { sayPredictions, words } from "./words.ts";

const shown = 12;

/** Failovers, newest first, and whether people waited as long as they were told. */
export const ClusterEvents = ({
  snapshot: { failovers, predictions },
}: {
  readonly snapshot: ClusterSnapshot;
}): ReactElement => {
  const nowMs = useSlowNow();
  return (
    <div className={css["pair"]}>
      <section className={css["section"]} aria-label={words.events}>
        <h2>{words.events}</h2>
        {failovers.length === 0 ? <p className={css["soft"]}>{words.noEvents}</p> : null}
        <ol className={css["events"]}>
          {failovers
            .slice(-shown)
            .reverse()
            .map((event) => (
              <li key={`${event.callId} ${event.at}`}>
                <time dateTime={event.at} title={sayExactly(Date.parse(event.at))}>
                  {nowMs === null ? "" : sayMoment(Date.parse(event.at), nowMs)}
                </time>
                <span>
                  {event.nodeId}: a request for {event.model} {words[event.kind]} ({event.reason})
                </span>
              </li>
            ))}
        </ol>
      </section>
      <section className={css["section"]} aria-label={words.predictions}>
        <h2>{words.predictions}</h2>
        <p className={css["soft"]}>{sayPredictions(predictions)}</p>
      </section>
    </div>
  );
};
