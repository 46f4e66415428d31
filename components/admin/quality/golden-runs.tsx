"use client";

import { useState, type ReactElement } from "react";

import { compareGolden, goldenMeasures } from "#lib/core/evaluation/golden-question.ts";
import { qualityApi } from "#components/api/quality-endpoints.ts";
import type { GoldenRun, GoldenRunSummary } from "#components/api/quality-shapes.ts";
import { useSlowNow } from "#components/ui/clock.ts";
import { sayExactly, sayMoment } from "#components/ui/time-words.ts";

import css from "./quality.module.css";
import runsCss from "./golden-runs.module.css";
import { useRead } from "./use-read.ts";
import { goldenWords as words, measureWords, sayResult, words as shared } from "./words.ts";

const share = (value: number | undefined): string =>
  value === undefined ? shared.none : value.toFixed(2).replace(/^0/, "");

const Progress = ({ run }: { readonly run: GoldenRunSummary }): ReactElement => (
  <td colSpan={goldenMeasures.length}>
    {run.status === "failed" ? (
      <span className={css["warn"]}>
        {words.statuses.failed}
        {run.failure === null ? "" : `: ${run.failure}`}
      </span>
    ) : (
      <>
        <progress
          aria-label={words.progress}
          max={Math.max(1, run.questionCount)}
          value={run.askedCount}
        />{" "}
        {words.running(run.askedCount, run.questionCount)}
      </>
    )}
  </td>
);

interface Chosen {
  readonly before: string | null;
  readonly after: string | null;
}

const RunRow = ({
  run,
  chosen,
  onChoose,
}: {
  readonly run: GoldenRunSummary;
  readonly chosen: Chosen;
  readonly onChoose: (side: keyof Chosen, id: string) => void;
}): ReactElement => {
  const nowMs = useSlowNow();
  const atMs = Date.parse(run.createdAt);
  const when = nowMs === null ? "" : sayMoment(atMs, nowMs);
  return (
    <tr>
      <th scope="row">
        <time dateTime={run.createdAt} title={sayExactly(atMs)} suppressHydrationWarning>
          {when}
        </time>{" "}
        <span className={css["sub"]}>{words.settings(run.settings.vectorShare)}</span>
      </th>
      {run.status === "complete" ? (
        goldenMeasures.map((measure) => (
          <td key={measure} className={runsCss["figure"]}>
            <span
              className={runsCss["bar"]}
              style={{ inlineSize: `${String(100 * (run.metrics[measure] ?? 0))}%` }}
            />
            {share(run.metrics[measure])}
          </td>
        ))
      ) : (
        <Progress run={run} />
      )}
      <td className={runsCss["compare"]}>
        {run.status === "complete"
          ? (["before", "after"] as const).map((side) => (
              <label key={side}>
                <input
                  type="radio"
                  name={`golden-${side}`}
                  aria-label={`${words[side]}: ${sayExactly(atMs)}`}
                  checked={chosen[side] === run.id}
                  onChange={() => {
                    onChoose(side, run.id);
                  }}
                />
                <span aria-hidden="true">{words[side]}</span>
              </label>
            ))
          : null}
      </td>
    </tr>
  );
};

const loadBoth = async (key: string): Promise<readonly [GoldenRun, GoldenRun] | null> => {
  const [before = "", after = ""] = key.split(" ");
  if (before === "" || after === "") return null;
  const both = await Promise.all([qualityApi.run(before), qualityApi.run(after)]);
  return [both[0].run, both[1].run];
};

const Deltas = ({ runs: [before, after] }: { readonly runs: readonly [GoldenRun, GoldenRun] }) => (
  <dl className={runsCss["deltas"]}>
    {goldenMeasures.map((measure) => {
      const [old, now] = [before.metrics[measure], after.metrics[measure]];
      if (old === undefined || now === undefined) return null;
      const change = now - old;
      const sign = change > 0 ? "+" : change < 0 ? "−" : "±";
      return (
        <div key={measure} title={measureWords[measure].long}>
          <dt>{measureWords[measure].short}</dt>
          <dd>
            {share(old)} → {share(now)}{" "}
            <span className={change < 0 ? css["warn"] : change > 0 ? css["good"] : css["sub"]}>
              {sign}
              {share(Math.abs(change))}
            </span>
          </dd>
        </div>
      );
    })}
  </dl>
);

const Comparison = ({ chosen }: { readonly chosen: Chosen }): ReactElement | null => {
  const { value: runs } = useRead(`${chosen.before ?? ""} ${chosen.after ?? ""}`, loadBoth);
  if (runs === null) return null;
  const changes = compareGolden(runs[0].results, runs[1].results);
  return (
    <section className={css["section"]} aria-label={words.compareTitle}>
      <h2>{words.compareTitle}</h2>
      <Deltas runs={runs} />
      {changes.length === 0 ? <p className={css["hint"]}>{words.noChange}</p> : null}
      <ul className={runsCss["changes"]}>
        {changes.map(({ question, before, after, direction }) => (
          <li key={after.questionId}>
            <span className={direction === "better" ? css["good"] : css["warn"]}>
              {words[direction]}
            </span>{" "}
            {question}{" "}
            <span className={css["sub"]}>
              {sayResult(before)} → {sayResult(after)}
            </span>
          </li>
        ))}
      </ul>
    </section>
  );
};

/** The runs of a collection's golden questions, and two of them side by side. */
export const GoldenRuns = ({
  runs,
}: {
  readonly runs: readonly GoldenRunSummary[];
}): ReactElement => {
  const complete = runs.filter(({ status }) => status === "complete");
  const [picked, setPicked] = useState<Chosen>({ before: null, after: null });
  const chosen: Chosen = {
    before: picked.before ?? complete[1]?.id ?? null,
    after: picked.after ?? complete[0]?.id ?? null,
  };
  return (
    <section className={css["section"]} aria-label={words.runs}>
      <h2>{words.runs}</h2>
      {runs.length === 0 ? <p className={css["hint"]}>{words.runsEmpty}</p> : null}
      {runs.length === 0 ? null : (
        <div className={runsCss["runsBox"]} tabIndex={0} role="region" aria-label={words.runs}>
          <table className={runsCss["runs"]}>
            <thead>
              <tr>
                <th scope="col">{words.runColumns.when}</th>
                {goldenMeasures.map((measure) => (
                  <th key={measure} scope="col" title={measureWords[measure].long}>
                    {measureWords[measure].short}
                  </th>
                ))}
                <th scope="col">{words.runColumns.compare}</th>
              </tr>
            </thead>
            <tbody>
              {runs.map((run) => (
                <RunRow
                  key={run.id}
                  {...{ run, chosen }}
                  onChoose={(side, id) => {
                    setPicked({ ...chosen, [side]: id });
                  }}
                />
              ))}
            </tbody>
          </table>
        </div>
      )}
      {complete.length < 2 ? null : <Comparison chosen={chosen} />}
    </section>
  );
};
