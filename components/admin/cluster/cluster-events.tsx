"use client";

import Link from "next/link";
import type { ReactElement } from "react";

import type { ClusterSnapshot } from "#lib/core/health/cluster-snapshot.ts";
import { useSlowNow } from "#components/ui/clock.ts";
import { sayExactly, sayMoment } from "#components/ui/time-words.ts";

import css from "./cluster-page.module.css";
import { incidentsOf, sayPredictions, words } from "./words.ts";

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
          {incidentsOf(failovers)
            .slice(0, shown)
            .map(({ turnId, at, title, attempts, traceHref }) => (
              <li key={turnId}>
                <time dateTime={at} title={sayExactly(Date.parse(at))}>
                  {nowMs === null ? "" : sayMoment(Date.parse(at), nowMs)}
                </time>
                <details>
                  <summary>{title}</summary>
                  <ol className={css["attempts"]} aria-label={words.attempts}>
                    {attempts.map((attempt) => (
                      <li key={attempt}>{attempt}</li>
                    ))}
                  </ol>
                  {traceHref === null ? null : <Link href={traceHref}>{words.trace}</Link>}
                </details>
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
