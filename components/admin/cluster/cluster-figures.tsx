import type { ReactElement } from "react";

import type { ClusterSnapshot } from "#lib/core/health/cluster-snapshot.ts";

import css from "./cluster-page.module.css";
import { sayMs, words } from "./words.ts";

const Figure = ({
  label,
  value,
  note,
}: {
  readonly label: string;
  readonly value: string;
  readonly note?: string;
}): ReactElement => (
  <div className={css["figure"]}>
    <dt>{label}</dt>
    <dd>
      {value}
      {note === undefined || note === "" ? null : <small>{note}</small>}
    </dd>
  </div>
);

const classNote = (byClass: ClusterSnapshot["queue"]["byClass"]): string =>
  Object.entries(byClass)
    .filter(([, count]) => count > 0)
    .map(([name, count]) => `${String(count)} ${name}`)
    .join(", ");

/** How things stand this second, in five numbers. */
export const ClusterFigures = ({
  snapshot: { queue, answersPerMinute, recent, degradation },
}: {
  readonly snapshot: ClusterSnapshot;
}): ReactElement => (
  <dl className={css["figures"]} aria-label={words.now}>
    <Figure
      label={words.figures.waiting}
      value={queue.waiting === 0 ? words.nobody : String(queue.waiting)}
      note={classNote(queue.byClass)}
    />
    <Figure
      label={words.figures.wait}
      value={queue.expectedMs === null ? words.unknown : sayMs(queue.expectedMs)}
    />
    <Figure label={words.figures.perMinute} value={String(answersPerMinute)} />
    <Figure
      label={words.figures.firstToken}
      value={recent.firstTokenP95Ms === null ? words.unknown : sayMs(recent.firstTokenP95Ms)}
    />
    {degradation.level === 0 ? null : (
      <Figure
        label={words.figures.level}
        value={`${String(degradation.level)} of 3`}
        note={degradation.reason}
      />
    )}
  </dl>
);
