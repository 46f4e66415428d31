import type { ReactElement } from "react";

import { Failed } from "#components/account/failed.tsx";
import { useSubmit } from "#components/account/use-submit.ts";

import table from "#components/ui/table.module.css";
import { cacheApi } from "#components/api/cache-endpoints.ts";
import type { CacheReport, PrewarmRun } from "#components/api/cache-shapes.ts";
import { Button } from "#components/ui/button.tsx";
import { useSlowNow } from "#components/ui/clock.ts";
import { sayExactly, sayMoment } from "#components/ui/time-words.ts";
import { showToast } from "#components/ui/toast.tsx";

import css from "./cache-page.module.css";
import { report } from "./cache-store.ts";
import { sayRun, triggers } from "./prewarm-words.ts";
import { words } from "./words.ts";

const Run = ({
  run,
  nowMs,
}: {
  readonly run: PrewarmRun;
  readonly nowMs: number | null;
}): ReactElement => {
  const startedMs = Date.parse(run.startedAt);
  return (
    <tr>
      <th scope="row">
        <time dateTime={run.startedAt} title={sayExactly(startedMs)}>
          {nowMs === null ? "" : sayMoment(startedMs, nowMs)}
        </time>
        , {triggers[run.trigger]}
      </th>
      <td data-label={words.prewarmer.columns.did}>{sayRun(run)}</td>
      <td data-label={words.prewarmer.columns.cost}>
        {words.prewarmer.cost(run.costMs, run.costTokens)}
      </td>
    </tr>
  );
};

/** What was answered ahead of time, what that cost, and starting it. */
export const PrewarmerSection = ({
  prewarmer: { runs, everyMs },
}: {
  readonly prewarmer: CacheReport["prewarmer"];
}): ReactElement => {
  const { busy, failure, run } = useSubmit("stays");
  const nowMs = useSlowNow();
  const says = words.prewarmer;
  const isOpen = runs.some(({ outcome }) => outcome === "requested" || outcome === "running");
  const start = async (): Promise<void> => {
    if (!(await run(() => cacheApi.startPrewarming()))) return;
    showToast(says.started);
    await report.refresh();
  };
  return (
    <section className={table["section"]} aria-label={says.title}>
      <div className={table["sectionHead"]}>
        <h2>{says.title}</h2>
        <Button disabled={busy || isOpen} onClick={() => void start()}>
          {says.start}
        </Button>
      </div>
      <Failed failure={failure} />
      <p className={css["hint"]}>{says.every(everyMs)}</p>
      {runs.length === 0 ? (
        <p className={css["hint"]}>{says.empty}</p>
      ) : (
        <table className={table["table"]} aria-label={says.title}>
          <thead>
            <tr>
              <th scope="col">{says.columns.when}</th>
              <th scope="col">{says.columns.did}</th>
              <th scope="col">{says.columns.cost}</th>
            </tr>
          </thead>
          <tbody>
            {runs.map((one) => (
              <Run key={one.id} run={one} nowMs={nowMs} />
            ))}
          </tbody>
        </table>
      )}
    </section>
  );
};
