import type { ReactElement } from "react";

import type { CacheReport } from "#components/api/cache-shapes.ts";
import { sayCount, saySize, sayWait } from "#components/ui/time-words.ts";
import table from "#components/ui/table.module.css";

import css from "./cache-page.module.css";
import { isHit, sayBound, sayCosine, sayReason, sayShare, sumOf, words } from "./words.ts";

const Figure = ({
  label,
  value,
  note = "",
}: {
  readonly label: string;
  readonly value: string;
  readonly note?: string;
}): ReactElement => (
  <div>
    <dt>{label}</dt>
    <dd>
      {value}
      {note === "" ? null : <small>{note}</small>}
    </dd>
  </div>
);

/** What the cache has done in the time shown, and what it holds. */
export const Figures = ({ report }: { readonly report: CacheReport }): ReactElement => {
  const { hours, totals } = report;
  const looked = hours.filter(({ result }) => result !== "bypassed");
  const all = sumOf(looked, ({ lookups }) => lookups);
  const hits = sumOf(looked.filter(isHit), ({ lookups }) => lookups);
  const savedMs = sumOf(hours, (row) => row.savedMs);
  const { figures } = words;
  return (
    <dl className={css["figures"]} aria-label={figures.label}>
      <Figure
        label={figures.hits}
        value={all === 0 ? "–" : sayShare(hits / all)}
        note={all === 0 ? "" : `${String(hits)} of ${sayCount(all, "question", "questions")}`}
      />
      <Figure label={figures.saved} value={savedMs === 0 ? "–" : sayWait(savedMs)} />
      <Figure
        label={figures.tokens}
        value={sumOf(hours, (row) => row.savedTokens).toLocaleString()}
      />
      <Figure
        label={figures.kept}
        value={`${totals.entries.toLocaleString()}, ${saySize(totals.bytes)}`}
        note={figures.keptNote(totals.curated, totals.prewarmed, totals.aliases)}
      />
    </dl>
  );
};

const mostReasons = 14;

/** Misses and questions that were not looked up, by reason, the most frequent first. */
export const Misses = ({ report }: { readonly report: CacheReport }): ReactElement => {
  const sums = new Map<string, number>();
  for (const row of report.hours)
    if (!isHit(row)) sums.set(row.reason, (sums.get(row.reason) ?? 0) + row.lookups);
  const sorted = [...sums].sort(([, one], [, other]) => other - one).slice(0, mostReasons);
  return (
    <section className={table["section"]} aria-label={words.misses.title}>
      <div className={table["sectionHead"]}>
        <h2>{words.misses.title}</h2>
      </div>
      {sorted.length === 0 ? <p className={css["hint"]}>{words.misses.empty}</p> : null}
      <dl className={css["reasons"]}>
        {sorted.map(([reason, count]) => (
          <div key={reason} style={{ display: "contents" }}>
            <dt>{sayReason(reason)}</dt>
            <dd>{count.toLocaleString()}</dd>
          </div>
        ))}
      </dl>
    </section>
  );
};

/** The installed cross-encoder, and from which score on it is trusted. */
const Scorer = ({
  scorer,
}: {
  readonly scorer: CacheReport["semantic"]["scorer"];
}): ReactElement => {
  const { semantic: says } = words;
  if (scorer === null)
    return <Figure label={says.scorer} value={says.none} note={says.noScorerNote} />;
  const { model, scored, pairs, calibration } = scorer;
  const [value, note] =
    calibration === null
      ? [says.scorerMeasured(scored, pairs), says.scorerMeasuring(model)]
      : calibration.limit === null
        ? [says.scorerUseless, says.scorerUselessNote(model)]
        : [
            says.scorerLimit(calibration.limit),
            says.scorerNote(model, calibration.tally.served, calibration.bound),
          ];
  return <Figure label={says.scorer} value={value} note={note} />;
};

/** Whether other wordings are served, by what was measured: read-outs, no knobs. */
export const Semantic = ({ report }: { readonly report: CacheReport }): ReactElement => {
  const { semantic: says } = words;
  const { semantic } = report;
  return (
    <section className={table["section"]} aria-label={says.title}>
      <div className={table["sectionHead"]}>
        <h2>{says.title}</h2>
      </div>
      <p className={semantic.state === "off" ? css["warn"] : css["hint"]}>
        {says.state[semantic.state]}
      </p>
      <dl className={css["figures"]} style={{ marginBlockStart: "var(--space-16)" }}>
        <Figure
          label={says.bound}
          value={sayBound(semantic.bound)}
          note={says.boundNote(semantic.budget)}
        />
        <Figure
          label={says.shadow}
          value={String(semantic.shadow.served)}
          note={semantic.shadow.served === 0 ? "" : says.shadowNote(semantic.shadow.wrong)}
        />
        <Figure
          label={says.calibrated}
          value={semantic.calibrated.served.toLocaleString()}
          note={semantic.calibrated.served === 0 ? "" : says.calibratedNote}
        />
        <Figure
          label={says.limit}
          value={semantic.wordsLimit === null ? says.none : sayCosine(semantic.wordsLimit)}
          note={
            semantic.wordsLimit === null
              ? says.noLimitNote(semantic.embedder)
              : says.limitNote(semantic.embedder)
          }
        />
        <Scorer scorer={semantic.scorer} />
      </dl>
    </section>
  );
};
