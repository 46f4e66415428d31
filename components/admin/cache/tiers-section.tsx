import type { ReactElement } from "react";

import table from "#components/ui/table.module.css";
import type { TierHour } from "#components/api/cache-shapes.ts";
import { tierNames, type CachedKind } from "#lib/core/cache/cached-kinds.ts";

import css from "./cache-page.module.css";
import { sayTime, spansOf } from "./hits-chart.tsx";
import { sayShare, sumOf, words } from "./words.ts";

const { storage } = words;

interface Sums {
  readonly hits: number;
  readonly misses: number;
  readonly failed: number;
}

/** What a place, or a kind of thing, was asked for and had. */
export function tierSums(rows: readonly TierHour[]): Sums {
  const of = (wanted: TierHour["result"]): number =>
    sumOf(
      rows.filter(({ result }) => result === wanted),
      ({ lookups }) => lookups,
    );
  return { hits: of("hit"), misses: of("miss"), failed: of("failed") };
}

const Line = ({
  rows,
  days,
  nowMs,
}: {
  readonly rows: readonly TierHour[];
  readonly days: number;
  readonly nowMs: number;
}): ReactElement => {
  const spans = spansOf(rows, days, nowMs).map(({ from, inside }) => ({
    from,
    hits: tierSums(inside).hits,
  }));
  const most = Math.max(1, ...spans.map(({ hits }) => hits));
  return (
    <div className={css["line"]} aria-hidden="true">
      {spans.map(({ from, hits }) => (
        <span
          key={from}
          title={`${sayTime(from, days)}: ${hits.toLocaleString()}`}
          style={{ blockSize: `${String((hits / most) * 100)}%` }}
        />
      ))}
    </div>
  );
};

const shareOf = ({ hits, misses }: Sums): string =>
  hits + misses === 0 ? "–" : sayShare(hits / (hits + misses));

const kinds = Object.keys(storage.kinds) as readonly CachedKind[];

/** Of everything that is cached, what was asked for and the share that some place had. */
const Kinds = ({ tiers }: { readonly tiers: readonly TierHour[] }): ReactElement => (
  <dl className={css["reasons"]} aria-label={storage.kindsTitle}>
    {kinds.map((kind) => {
      const rows = tiers.filter((row) => row.kind === kind);
      // Each is asked of memory first, whoever has it in the end.
      const first = tierSums(rows.filter(({ tier }) => tier === "memory"));
      const asked = first.hits + first.misses;
      const { hits } = tierSums(rows);
      return asked === 0 ? null : (
        <div key={kind} style={{ display: "contents" }}>
          <dt>{storage.kinds[kind]}</dt>
          <dd>
            {asked.toLocaleString()}, {sayShare(Math.min(1, hits / asked))}
          </dd>
        </div>
      );
    })}
  </dl>
);

/** Hits by place of storage, over time. */
export const TiersSection = ({
  tiers,
  days,
  nowMs,
}: {
  readonly tiers: readonly TierHour[];
  readonly days: number;
  readonly nowMs: number;
}): ReactElement => (
  <section className={table["section"]} aria-label={storage.title}>
    <div className={table["sectionHead"]}>
      <h2>{storage.title}</h2>
    </div>
    <p className={css["hint"]}>{tiers.length === 0 ? storage.empty : storage.hint}</p>
    {tiers.length === 0 ? null : (
      <>
        <table className={table["table"]} aria-label={storage.title}>
          <thead>
            <tr>
              <th scope="col">{storage.columns.place}</th>
              <th scope="col">{storage.columns.time}</th>
              <th scope="col">{storage.columns.share}</th>
              <th scope="col">{storage.columns.asked}</th>
              <th scope="col">{storage.columns.failed}</th>
            </tr>
          </thead>
          <tbody>
            {tierNames.map((tier) => {
              const rows = tiers.filter((row) => row.tier === tier);
              const sums = tierSums(rows);
              return rows.length === 0 ? null : (
                <tr key={tier}>
                  <th scope="row">{storage.places[tier]}</th>
                  <td data-label={storage.columns.time}>
                    <Line rows={rows} days={days} nowMs={nowMs} />
                  </td>
                  <td data-label={storage.columns.share} className={css["number"]}>
                    {shareOf(sums)}
                  </td>
                  <td data-label={storage.columns.asked} className={css["number"]}>
                    {(sums.hits + sums.misses).toLocaleString()}
                  </td>
                  <td data-label={storage.columns.failed} className={css["number"]}>
                    {sums.failed.toLocaleString()}
                  </td>
                </tr>
              );
            })}
          </tbody>
        </table>
        <Kinds tiers={tiers} />
      </>
    )}
  </section>
);
