"use client";

import { useState, type ReactElement } from "react";

import type { JobAction, JobState, QueuedJob } from "#components/api/shapes.ts";
import { Button } from "#components/ui/button.tsx";
import { useSlowNow } from "#components/ui/clock.ts";
import { sayExactly, sayMoment } from "#components/ui/time-words.ts";

import css from "./queue-page.module.css";
import { words } from "./words.ts";

/** What can be done with jobs in each state, the usual thing first. */
const actions: Readonly<Record<JobState, readonly JobAction[]>> = {
  running: ["cancel"],
  waiting: ["cancel"],
  dead: ["replay", "purge"],
};

const nameOf = (job: QueuedJob): string => job.subject ?? words.kinds[job.kind] ?? job.kind;

function stateOf(job: QueuedJob, nowMs: number | null): string {
  const attempt = words.attempt(Math.max(1, job.attempt), job.maxAttempts);
  const waitMs = nowMs === null ? 0 : Date.parse(job.runAfter) - nowMs;
  const waits = job.status === "waiting" && waitMs > 0 ? `, ${words.notBefore(waitMs)}` : "";
  return job.attempt === 0 ? "" : `${attempt}${waits}`;
}

const Row = ({
  job,
  isChosen,
  onChoose,
  nowMs,
}: {
  readonly job: QueuedJob;
  readonly isChosen: boolean;
  readonly onChoose: (chosen: boolean) => void;
  readonly nowMs: number | null;
}): ReactElement => {
  const sinceMs = Date.parse(job.endedAt ?? job.createdAt);
  return (
    <tr>
      <td className={css["choose"]}>
        <input
          type="checkbox"
          checked={isChosen}
          aria-label={words.choose(nameOf(job))}
          onChange={(event) => {
            onChoose(event.target.checked);
          }}
        />
      </td>
      <th scope="row">
        <span className={css["subject"]}>{nameOf(job)}</span>
        {job.subject === null ? null : (
          <span className={css["kind"]}>{words.kinds[job.kind] ?? job.kind}</span>
        )}
      </th>
      <td>
        <span className={css["kind"]}>{stateOf(job, nowMs)}</span>
        {job.reason === null ? null : (
          <span className={job.status === "dead" ? css["bad"] : css["note"]}>{job.reason}</span>
        )}
      </td>
      <td className={css["when"]}>
        <time dateTime={new Date(sinceMs).toISOString()} title={sayExactly(sinceMs)}>
          {nowMs === null ? "" : sayMoment(sinceMs, nowMs)}
        </time>
      </td>
    </tr>
  );
};

const Head = ({
  title,
  all,
  onAll,
}: {
  readonly title: string;
  readonly all: boolean;
  readonly onAll: (chosen: boolean) => void;
}): ReactElement => (
  <thead>
    <tr>
      <th className={css["choose"]}>
        <input
          type="checkbox"
          checked={all}
          aria-label={words.chooseAll(title)}
          onChange={(event) => {
            onAll(event.target.checked);
          }}
        />
      </th>
      <th scope="col">{words.columns.job}</th>
      <th scope="col" className={css["state"]}>
        {words.columns.state}
      </th>
      <th scope="col" className={css["when"]}>
        {words.columns.when}
      </th>
    </tr>
  </thead>
);

/** Which jobs are ticked; those that are gone no longer count. */
const useChosen = (jobs: readonly QueuedJob[]) => {
  const [picked, setPicked] = useState<ReadonlySet<string>>(new Set());
  const choose = (ids: readonly string[], isOn: boolean): void => {
    setPicked((before) => {
      const after = new Set(before);
      for (const id of ids) {
        if (isOn) after.add(id);
        else after.delete(id);
      }
      return after;
    });
  };
  const chosen = jobs.filter(({ id }) => picked.has(id)).map(({ id }) => id);
  return { chosen, choose };
};

const JobTable = ({
  title,
  jobs,
  chosen,
  onChoose,
}: {
  readonly title: string;
  readonly jobs: readonly QueuedJob[];
  readonly chosen: readonly string[];
  readonly onChoose: (ids: readonly string[], isOn: boolean) => void;
}): ReactElement => {
  const nowMs = useSlowNow();
  const ids = jobs.map(({ id }) => id);
  return (
    <table className={css["table"]} aria-label={title}>
      <Head
        title={title}
        all={chosen.length === jobs.length}
        onAll={(isOn) => {
          onChoose(ids, isOn);
        }}
      />
      <tbody>
        {jobs.map((job) => (
          <Row
            key={job.id}
            job={job}
            nowMs={nowMs}
            isChosen={chosen.includes(job.id)}
            onChoose={(isOn) => {
              onChoose([job.id], isOn);
            }}
          />
        ))}
      </tbody>
    </table>
  );
};

/** Jobs of one state; what is ticked is steered together, everything when nothing is. */
export const JobSection = ({
  state,
  jobs,
  total,
  busy,
  onAct,
}: {
  readonly state: JobState;
  readonly jobs: readonly QueuedJob[];
  readonly total: number;
  readonly busy: boolean;
  readonly onAct: (action: JobAction, jobIds: readonly string[]) => void;
}): ReactElement => {
  const { chosen, choose } = useChosen(jobs);
  const targets = chosen.length > 0 ? chosen : jobs.map(({ id }) => id);
  const title = words.sections[state];
  const isEmpty = jobs.length === 0;
  return (
    <section className={css["section"]} aria-label={title}>
      <div className={css["bar"]}>
        <h2>{title}</h2>
        <p className={css["hint"]}>{isEmpty ? words.empty[state] : words.hints[state]}</p>
        {(isEmpty ? [] : actions[state]).map((action) => (
          <Button
            key={action}
            disabled={busy}
            look={action === "replay" ? "secondary" : "quiet"}
            onClick={() => {
              onAct(action, targets);
              choose(targets, false);
            }}
          >
            {words[action](targets.length)}
          </Button>
        ))}
      </div>
      {isEmpty ? null : <JobTable title={title} jobs={jobs} chosen={chosen} onChoose={choose} />}
      {total > jobs.length ? (
        <p className={css["hint"]}>{words.firstOf(jobs.length, total)}</p>
      ) : null}
    </section>
  );
};
