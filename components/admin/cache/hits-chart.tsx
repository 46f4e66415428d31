import type { ReactElement } from "react";

import type { CacheHour } from "#components/api/cache-shapes.ts";

import css from "./cache-page.module.css";
import { words } from "./words.ts";

const results = ["exact", "alias", "vetted", "semantic", "miss"] as const;
type Shown = (typeof results)[number];

export interface Bar {
  readonly from: number;
  readonly counts: Readonly<Record<Shown, number>>;
}

const hourMs = 3_600_000;

/** Rows by time: an hour a span for one day, a day a span for more; the last span is the one that is now. */
export function spansOf<T extends { readonly hour: string }>(
  rows: readonly T[],
  days: number,
  nowMs: number,
): readonly { readonly from: number; readonly inside: readonly T[] }[] {
  const widthMs = days === 1 ? hourMs : 24 * hourMs;
  const count = days === 1 ? 24 : days;
  const end = (Math.floor(nowMs / hourMs) + 1) * hourMs;
  return Array.from({ length: count }, (_, index) => {
    const from = end - (count - index) * widthMs;
    const inside = rows.filter(({ hour }) => {
      const at = Date.parse(hour);
      return at >= from && at < from + widthMs;
    });
    return { from, inside };
  });
}

export const barsOf = (hours: readonly CacheHour[], days: number, nowMs: number): readonly Bar[] =>
  spansOf(hours, days, nowMs).map(({ from, inside }): Bar => {
    const of = (result: Shown): number =>
      inside.filter((row) => row.result === result).reduce((sum, { lookups }) => sum + lookups, 0);
    const counts = Object.fromEntries(results.map((result) => [result, of(result)]));
    return { from, counts: counts as Record<Shown, number> };
  });

const totalOf = ({ counts }: Bar): number =>
  Object.values(counts).reduce((sum, count) => sum + count, 0);

export const sayTime = (from: number, days: number): string =>
  new Intl.DateTimeFormat(
    undefined,
    days === 1 ? { hour: "2-digit", minute: "2-digit" } : { day: "numeric", month: "short" },
  ).format(from);

const Legend = ({ bars }: { readonly bars: readonly Bar[] }): ReactElement => (
  <ul className={css["legend"]}>
    {results.map((result) => (
      <li key={result}>
        <i data-result={result} aria-hidden="true" />
        {words.tiers[result]} <b>{bars.reduce((sum, { counts }) => sum + counts[result], 0)}</b>
      </li>
    ))}
  </ul>
);

const Column = ({
  bar,
  most,
  days,
}: {
  readonly bar: Bar;
  readonly most: number;
  readonly days: number;
}): ReactElement => {
  const said = results
    .filter((result) => bar.counts[result] > 0)
    .map((result) => `${words.tiers[result]} ${String(bar.counts[result])}`)
    .join(", ");
  return (
    <div className={css["bar"]} title={`${sayTime(bar.from, days)}: ${said}`}>
      {results.map((result) => (
        <span
          key={result}
          data-result={result}
          style={{ blockSize: `${String((bar.counts[result] / most) * 100)}%` }}
        />
      ))}
    </div>
  );
};

/** Every question by how it was answered, over time; the same numbers as a table for those who cannot see it. */
export const HitsChart = ({
  hours,
  days,
  nowMs,
}: {
  readonly hours: readonly CacheHour[];
  readonly days: number;
  readonly nowMs: number;
}): ReactElement => {
  const bars = barsOf(hours, days, nowMs);
  const most = Math.max(1, ...bars.map(totalOf));
  if (bars.every((bar) => totalOf(bar) === 0))
    return <p className={css["hint"]}>{words.chart.empty}</p>;
  return (
    <figure className={css["chart"]}>
      <figcaption>
        {words.chart.title}
        <span>{words.chart.most(most)}</span>
      </figcaption>
      <div className={css["bars"]} aria-hidden="true">
        {bars.map((bar) => (
          <Column key={bar.from} bar={bar} most={most} days={days} />
        ))}
      </div>
      <div className={css["scale"]} aria-hidden="true">
        <span>{sayTime(bars[0]?.from ?? nowMs, days)}</span>
        <span>{sayTime(bars.at(-1)?.from ?? nowMs, days)}</span>
      </div>
      <Legend bars={bars} />
    </figure>
  );
};
