"use client";

import { useState, type ReactElement } from "react";

import { AdminPage, NotRead } from "#components/admin/admin-page.tsx";
import { failureOf, type Failure } from "#components/api/failure.ts";
import { useRefreshed } from "#components/api/resource.ts";
import type { JobAction, JobState } from "#components/api/shapes.ts";
import { Notice } from "#components/ui/notice.tsx";
import { useStore } from "#components/ui/store.ts";
import { showToast } from "#components/ui/toast.tsx";

import { JobSection } from "./job-section.tsx";
import { queue, steer } from "./queue-store.ts";
import { sayState, words } from "./words.ts";

const pollMs = 2_000;
const states: readonly JobState[] = ["dead", "running", "waiting"];

/** What Drover works on in the background, and steering it. */
export const QueuePage = (): ReactElement => {
  useRefreshed(queue, pollMs);
  const { value, failure: notRead } = useStore(queue, (state) => state);
  const [failure, setFailure] = useState<Failure | null>(null);
  const [busy, setBusy] = useState(false);
  const act = async (action: JobAction, jobIds: readonly string[]): Promise<void> => {
    setBusy(true);
    setFailure(null);
    try {
      showToast(words.did[action](await steer(action, jobIds)));
    } catch (error) {
      setFailure(failureOf(error));
    }
    setBusy(false);
  };
  return (
    <AdminPage title={words.title} says={value === null ? "" : sayState(value)}>
      {value === null && notRead !== null ? (
        <NotRead what={words.notRead} failure={notRead} onRetry={() => void queue.refresh()} />
      ) : null}
      {failure === null ? null : (
        <Notice tone="bad" code={failure.requestId}>
          {failure.message}
        </Notice>
      )}
      {value === null
        ? null
        : states.map((state) => (
            <JobSection
              key={state}
              state={state}
              jobs={value.jobs.filter(({ status }) => status === state)}
              total={value.counts[state]}
              busy={busy}
              onAct={(action, jobIds) => void act(action, jobIds)}
            />
          ))}
    </AdminPage>
  );
};
