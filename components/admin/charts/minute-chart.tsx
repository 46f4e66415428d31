"use client";

import { useId, type PointerEvent, type ReactElement } from "react";

import { createStore, useStore } from "#components/ui/store.ts";

import css from "./charts.module.css";

export interface ChartLine {
  readonly label: string;
  readonly tone: "accent" | "muted" | "bad";
  /** One value a minute, oldest first; `null` where nothing was measured. */
  readonly values: readonly (number | null)[];
}

const width = 240;
const height = 44;

/** The minute under the pointer, counted from the oldest: every chart of the page reads the same one. */
const pointed = createStore<number | null>(null);

const xOf = (index: number, count: number): number => (index / Math.max(count - 1, 1)) * width;
const yOf = (value: number, most: number): number => height - (value / most) * (height - 2) - 1;

/** A line over the minutes, broken where nothing was measured; a lone minute is a dot. */
function pathOf(values: ChartLine["values"], most: number): string {
  let path = "";
  values.forEach((value, index) => {
    if (value === null) return;
    const isFirst = values[index - 1] == null;
    const x = xOf(index, values.length).toFixed(1);
    const y = yOf(Math.min(value, most), most).toFixed(1);
    path += `${isFirst ? "M" : "L"}${x} ${y}`;
    if (isFirst && values[index + 1] == null) path += "h0.01";
  });
  return path;
}

const lastOf = (values: ChartLine["values"]): number | null =>
  values.findLast((value) => value !== null) ?? null;

const Reading = ({
  lines,
  say,
  at,
  ago,
}: {
  readonly lines: readonly ChartLine[];
  readonly say: (value: number) => string;
  readonly at: number | null;
  readonly ago: string;
}): ReactElement => (
  <p className={css["reading"]}>
    {lines.map(({ label, tone, values }) => {
      const value = at === null ? lastOf(values) : (values[at] ?? null);
      return (
        <span key={label}>
          <i className={css["key"]} data-tone={tone} aria-hidden="true" />
          {label} <b>{value === null ? "–" : say(value)}</b>
        </span>
      );
    })}
    <span className={css["ago"]}>{ago}</span>
  </p>
);

/**
 * The last hour, a value a minute, as a small chart. Charts that stand side by side get the same `most`, so that they can be compared.
 * @param most the value at the top
 */
export const MinuteChart = ({
  title,
  lines,
  most,
  say,
}: {
  readonly title: string;
  readonly lines: readonly ChartLine[];
  readonly most: number;
  readonly say: (value: number) => string;
}): ReactElement => {
  const titleId = useId();
  const at = useStore(pointed, (value) => value);
  const count = lines[0]?.values.length ?? 0;
  const isEmpty = lines.every(({ values }) => lastOf(values) === null);
  const point = (event: PointerEvent<SVGSVGElement>): void => {
    const box = event.currentTarget.getBoundingClientRect();
    const share = (event.clientX - box.left) / Math.max(box.width, 1);
    pointed.set(Math.max(0, Math.min(count - 1, Math.round(share * (count - 1)))));
  };
  return (
    <figure className={css["chart"]} aria-labelledby={titleId}>
      <figcaption id={titleId}>{title}</figcaption>
      <svg
        viewBox={`0 0 ${String(width)} ${String(height)}`}
        preserveAspectRatio="none"
        aria-hidden="true"
        onPointerMove={point}
        onPointerLeave={() => {
          pointed.set(null);
        }}
      >
        <path className={css["axis"]} d={`M0 ${String(height - 0.5)}H${String(width)}`} />
        {lines.map(({ label, tone, values }) => (
          <path key={label} className={css["line"]} data-tone={tone} d={pathOf(values, most)} />
        ))}
        {at === null ? null : (
          <path
            className={css["pointer"]}
            d={`M${xOf(at, count).toFixed(1)} 0V${String(height)}`}
          />
        )}
      </svg>
      <div className={css["scale"]} aria-hidden="true">
        <span>60 min ago</span>
        <span>{isEmpty ? "nothing measured" : `top ${say(most)}`}</span>
        <span>now</span>
      </div>
      <Reading
        lines={lines}
        say={say}
        at={at}
        ago={at === null ? "latest" : `${String(count - 1 - at)} min ago`}
      />
    </figure>
  );
};

/** A round number at or above the largest value, for the top of a chart. */
export function roundTop(values: readonly (number | null)[], least: number): number {
  const largest = Math.max(least, ...values.filter((value) => value !== null));
  const unit = 10 ** Math.floor(Math.log10(largest));
  const step = [1, 2, 5, 10].find((factor) => factor * unit >= largest) ?? 10;
  return step * unit;
}
