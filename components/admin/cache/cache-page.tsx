"use client";

import { useState, type ReactElement } from "react";

import { AdminPage, NotRead } from "#components/admin/admin-page.tsx";
import { useRefreshed } from "#components/api/resource.ts";
import type { CacheReport } from "#components/api/cache-shapes.ts";
import { Button } from "#components/ui/button.tsx";
import { useSlowNow } from "#components/ui/clock.ts";
import { useStore } from "#components/ui/store.ts";

import css from "./cache-page.module.css";
import { report, showDays } from "./cache-store.ts";
import { EntriesSection } from "./entries-section.tsx";
import { HitsChart } from "./hits-chart.tsx";
import { ListedSection } from "./listed-section.tsx";
import { PairSection } from "./pair-section.tsx";
import { PrewarmerSection } from "./prewarmer-section.tsx";
import { Figures, Misses, Semantic } from "./summary.tsx";
import { TiersSection } from "./tiers-section.tsx";
import { sayState, words } from "./words.ts";

const pollMs = 10_000;
const ranges = [1, 7, 30] as const;

const Content = ({
  value,
  days,
}: {
  readonly value: CacheReport;
  readonly days: number;
}): ReactElement => {
  const nowMs = useSlowNow();
  return (
    <>
      <Figures report={value} />
      {nowMs === null ? null : <HitsChart hours={value.hours} days={days} nowMs={nowMs} />}
      {nowMs === null ? null : <TiersSection tiers={value.tiers} days={days} nowMs={nowMs} />}
      <div className={css["two"]}>
        <Misses report={value} />
        <Semantic report={value} />
      </div>
      <ListedSection listed={value.listed} />
      <PrewarmerSection prewarmer={value.prewarmer} />
      <EntriesSection />
      <PairSection />
    </>
  );
};

/** What the answer cache does, holds and has proven. */
export const CachePage = (): ReactElement => {
  useRefreshed(report, pollMs);
  const { value, failure } = useStore(report, (state) => state);
  const [days, setDays] = useState(7);
  const choose = (chosen: number): void => {
    setDays(chosen);
    showDays(chosen);
  };
  const tools = (
    <div className={css["ranges"]} role="group" aria-label={words.range}>
      {ranges.map((range) => (
        <Button
          key={range}
          look={range === days ? "secondary" : "quiet"}
          aria-pressed={range === days}
          onClick={() => {
            choose(range);
          }}
        >
          {words.ranges[range]}
        </Button>
      ))}
    </div>
  );
  return (
    <AdminPage
      title={words.title}
      says={value === null ? "" : sayState(value, words.ranges[days] ?? "")}
      tools={tools}
    >
      {value === null && failure !== null ? (
        <NotRead what={words.notRead} failure={failure} onRetry={() => void report.refresh()} />
      ) : null}
      {value === null ? null : <Content value={value} days={days} />}
    </AdminPage>
  );
};
