import type { ReactElement } from "react";

import type { HistoryPoint } from "#lib/core/capacity/call-history.ts";
import type { ClusterSnapshot } from "#lib/core/health/cluster-snapshot.ts";
import type { WorkClass } from "#lib/core/scheduling/work-class.ts";
import { MinuteChart, roundTop } from "#components/admin/charts/minute-chart.tsx";

import css from "./cluster-page.module.css";
import { classWords, sayMs, words } from "./words.ts";

interface HourProps {
  readonly hour: readonly HistoryPoint[];
  /** The value at the top; charts that are compared share it. */
  readonly most: number;
}

const sayWhole = (value: number): string => String(Math.round(value));

export const firstTokenTop = (hour: readonly HistoryPoint[]): number =>
  roundTop(
    hour.map((point) => point.firstTokenP95Ms),
    100,
  );

export const callsTop = (hour: readonly HistoryPoint[]): number =>
  roundTop(
    hour.map((point) => point.calls),
    10,
  );

export const FirstTokenChart = ({ hour, most }: HourProps): ReactElement => (
  <MinuteChart
    title={words.charts.firstToken}
    most={most}
    say={sayMs}
    lines={[
      { label: words.lines.p50, tone: "muted", values: hour.map((p) => p.firstTokenP50Ms) },
      { label: words.lines.p95, tone: "accent", values: hour.map((p) => p.firstTokenP95Ms) },
    ]}
  />
);

export const CallsChart = ({ hour, most }: HourProps): ReactElement => (
  <MinuteChart
    title={words.charts.calls}
    most={most}
    say={sayWhole}
    lines={[
      { label: words.lines.calls, tone: "accent", values: hour.map((p) => p.calls) },
      { label: words.lines.failures, tone: "bad", values: hour.map((p) => p.failures) },
    ]}
  />
);

const QueuedChart = ({ hour }: Omit<HourProps, "most">): ReactElement => {
  const values = hour.map((point) => point.queuedP95Ms);
  return (
    <MinuteChart
      title={words.charts.queued}
      most={roundTop(values, 100)}
      say={sayMs}
      lines={[{ label: words.lines.p95, tone: "accent", values }]}
    />
  );
};

const SpeedChart = ({ hour }: Omit<HourProps, "most">): ReactElement => {
  const prefill = hour.map((point) => point.prefillPerSecond);
  const decode = hour.map((point) => point.decodePerSecond);
  return (
    <MinuteChart
      title={words.charts.speed}
      most={roundTop([...prefill, ...decode], 10)}
      say={sayWhole}
      lines={[
        { label: words.lines.prefill, tone: "muted", values: prefill },
        { label: words.lines.decode, tone: "accent", values: decode },
      ]}
    />
  );
};

const ClassCharts = ({
  hours,
}: {
  readonly hours: ClusterSnapshot["hourByClass"];
}): ReactElement => {
  const classes = Object.entries(hours);
  const callsMost = roundTop(
    classes.flatMap(([, hour]) => hour.map(({ calls }) => calls)),
    10,
  );
  const waitMost = roundTop(
    classes.flatMap(([, hour]) => hour.map(({ queuedP95Ms }) => queuedP95Ms)),
    100,
  );
  return (
    <section className={css["section"]} aria-label={words.byClass}>
      <h2>{words.byClass}</h2>
      <div className={css["charts"]}>
        {classes.flatMap(([name, hour]) => [
          <MinuteChart
            key={`${name} calls`}
            title={words.charts.callsOf(classWords[name as WorkClass])}
            most={callsMost}
            say={sayWhole}
            lines={[
              { label: words.lines.calls, tone: "accent", values: hour.map(({ calls }) => calls) },
            ]}
          />,
          <MinuteChart
            key={`${name} wait`}
            title={words.charts.queuedOf(classWords[name as WorkClass])}
            most={waitMost}
            say={sayMs}
            lines={[
              {
                ...{ label: words.lines.p95, tone: "accent" },
                values: hour.map(({ queuedP95Ms }) => queuedP95Ms),
              },
            ]}
          />,
        ])}
      </div>
    </section>
  );
};

/** The cluster over the last hour; hovering one chart reads all of them at that minute. */
export const ClusterCharts = ({
  snapshot: { hour, hourByClass },
}: {
  readonly snapshot: ClusterSnapshot;
}): ReactElement => (
  <>
    <section className={css["section"]} aria-label={words.lastHour}>
      <h2>{words.lastHour}</h2>
      <div className={css["charts"]}>
        <FirstTokenChart hour={hour} most={firstTokenTop(hour)} />
        <QueuedChart hour={hour} />
        <CallsChart hour={hour} most={callsTop(hour)} />
        <SpeedChart hour={hour} />
      </div>
    </section>
    {Object.keys(hourByClass).length < 2 ? null : <ClassCharts hours={hourByClass} />}
  </>
);
